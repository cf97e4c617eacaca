import { isUp } from '../../decide/decide-host.js';
import { asSlipwayError } from '../../errors.js';
import type { Desired } from '../../model/deployment.js';
import { requireOwned } from './attempt.js';
import type { HostWork } from './host-work.js';
import { lookAtPair, type OwnedContainer } from './look-at-pair.js';
import { giveBack } from './make-room.js';
import { wantedOn } from './side.js';
import { Stopped } from './stopped.js';

/**
 * The server stops while a container that does not stay up is to replace another: where nothing runs, what ran before is started again, be it ours
 * or somebody else's whose place the ticket takes. The next attempt goes on from there. Never fails: there is no time for a second try.
 */
export async function leaveRunning(works: readonly HostWork[]): Promise<void> {
  for (const work of works) {
    const { attempt, deps, host } = work;
    const { signal, deployment, notes } = attempt;
    if (!(signal.reason instanceof Stopped) || signal.reason.kind !== 'drain') return;
    try {
      const desired = await deps.store.deployments.desired(deployment.environment, deployment.service);
      const present = await lookAtPair(host, deployment, deps.labels);
      if (present.some(isUp)) continue;
      const former = formerOf(present, desired, work);
      if (former === null) {
        await giveBack(work);
        continue;
      }
      await requireOwned(attempt, deps);
      await host.controls.start(former.id);
      await notes.say('started what ran before, because the server stops', host.name);
    } catch (error) {
      deps.log.warn(
        { code: asSlipwayError(error).code, host: host.name },
        'a host may run nothing while the server is stopped',
      );
    }
  }
}

/** The container of ours that ran before. Null: there was none. */
function formerOf(
  present: readonly OwnedContainer[],
  desired: Desired | null,
  { host, deps }: HostWork,
): OwnedContainer | null {
  if (desired?.wanted !== 'running') return null;
  const { spec } = wantedOn(host.name, { ...desired, release: desired.release.number }, deps.labels);
  const [former] = present.filter((one) => one.spec === spec).toSorted((a, b) => b.createdAt - a.createdAt);
  return former ?? null;
}
