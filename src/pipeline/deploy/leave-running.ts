import { isUp } from '../../decide/decide-host.js';
import { asSlipwayError } from '../../errors.js';
import { requireOwned } from './attempt.js';
import type { HostWork } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';
import { wantedOn } from './side.js';
import { Stopped } from './stopped.js';

/**
 * The server stops while a container that does not stay up is to replace another: where nothing runs, what ran before is started again. The
 * next attempt goes on from there. Never fails: there is no time for a second try.
 */
export async function leaveRunning(works: readonly HostWork[]): Promise<void> {
  for (const work of works) {
    const { attempt, deps, host } = work;
    const { signal, deployment, notes } = attempt;
    if (!(signal.reason instanceof Stopped) || signal.reason.kind !== 'drain') return;
    try {
      const desired = await deps.store.deployments.desired(deployment.environment, deployment.service);
      if (desired?.wanted !== 'running') return;
      const present = await lookAtPair(host, deployment, deps.labels);
      const { spec } = wantedOn(host.name, { ...desired, release: desired.release.number }, deps.labels);
      const [former] = present.filter((one) => one.spec === spec).toSorted((a, b) => b.createdAt - a.createdAt);
      if (former === undefined || present.some(isUp)) continue;
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
