import type { Look, NewLook } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import type { Quarantine } from '../../queue/quarantine.js';
import { isOfRepository } from './set-aside.js';

/**
 * Processes a look of the sweep. It is stored only while in progress; the next sweep finds what it misses. If the process dies with it, the
 * planner takes it up like any other look. The sweep skips repositories that have such a look, or wait for a suspect, or had a look set
 * aside before it reached a service. The last ends when another look at the repository succeeds.
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
