import type { Look, NewLook } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import type { Quarantine } from '../../queue/quarantine.js';
import { isOfRepository } from './set-aside.js';

/**
 * Works off a look of the sweep, which is in the store only while it is in hand: what it misses, the next finds. If the process dies with
 * it, the planner takes it up like any other look, so the sweep passes over repositories that have one; likewise those that a suspect keeps
 * waiting, and those where a look was set aside before it had come to a service, until another look at the repository goes well.
 */
export async function sweepLook(
  look: NewLook,
  worker: string,
  onLook: (look: Look) => Promise<void>,
  { store, quarantine }: Pick<LookDeps, 'store'> & { readonly quarantine: Quarantine },
): Promise<void> {
  const { repository } = look;
  if (await store.looks.isSwept(repository)) return;
  if ((await store.setAsides.all()).some((it) => isOfRepository(it, repository))) return;
  const isApart = (await quarantine.repositories()).has(repository.toLowerCase());
  const leave = isApart ? quarantine.enter() : () => undefined;
  if (leave === null) return;
  try {
    const stored = await store.inHand.addLook(look, worker);
    await onLook(stored).finally(() => store.looks.done(stored.id));
  } finally {
    leave();
  }
}
