import type { Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/contract.js';
import type { Outbox } from './outbox/outbox.js';

export interface WatchDriftDeps {
  /** Services that have drifted, by host, as seen last. Fails as the store does. */
  readonly drifted: () => Promise<
    readonly { readonly environment: string; readonly service: string; readonly host: string }[]
  >;
  /** Whether the host is configured and does not answer, so that nobody knows what runs there. */
  readonly isAway: (environment: string, host: string) => boolean;
  /** Whether somebody wants to know. */
  readonly isWanted: () => boolean;
  readonly store: Pick<Store, 'notices'>;
  readonly outbox: Pick<Outbox, 'store'>;
  readonly clock: Clock;
  readonly log: Log;
}

const EVERY_MS = 30_000;
/** Deployments and repairs make what passes; a drift that stands as long as this is one. Likewise its end. */
const STANDS_MS = 60_000;

/** Under which a drift that people were notified of is remarked. */
export const driftRemark = 'drift ';

interface Standing {
  readonly environment: string;
  readonly service: string;
  readonly hosts: readonly string[];
}

/** Notes each drift that stands and, once it was noted, its end. A restart repeats neither. Runs until the signal aborts. */
export async function watchDrift(deps: WatchDriftDeps, stopping: AbortSignal): Promise<void> {
  const { clock, log, isWanted } = deps;
  const since = new Map<string, number>();
  while (!stopping.aborted) {
    await clock.sleep(EVERY_MS, stopping);
    if (stopping.aborted || !isWanted()) continue;
    await lookOnce(since, deps).catch((thrown: unknown) =>
      log.warn({ err: asSlipwayError(thrown) }, 'could not look for drift to notify of'),
    );
  }
}

/** `since`: when what differs from the remarks was first seen to differ. */
async function lookOnce(since: Map<string, number>, deps: WatchDriftDeps): Promise<void> {
  const { drifted, isAway, store, outbox, clock } = deps;
  const [now, remarks] = [standingOf(await drifted()), await store.notices.remarks(driftRemark)];
  const at = clock.now();
  for (const key of new Set([...now.keys(), ...remarks.keys()])) {
    const drift = now.get(key) ?? null;
    const [environment = '', service = ''] = key.slice(driftRemark.length).split(' ');
    const mayStillBe = drift === null && hostsOf(remarks.get(key)).some((host) => isAway(environment, host));
    if (mayStillBe || (drift === null) === !remarks.has(key)) {
      since.delete(key);
      continue;
    }
    const first = since.get(key) ?? at;
    since.set(key, first);
    if (at - first < STANDS_MS) continue;
    await outbox.store({ kind: 'drift', drift: { environment, service, hosts: drift?.hosts ?? [] } });
    await store.notices.setRemark(key, drift && drift.hosts.join(' '), at);
    since.delete(key);
  }
  for (const key of since.keys()) if (!now.has(key) && !remarks.has(key)) since.delete(key);
}

const hostsOf = (remark = ''): readonly string[] => remark.split(' ').filter((host) => host !== '');

function standingOf(
  drifts: readonly { readonly environment: string; readonly service: string; readonly host: string }[],
): ReadonlyMap<string, Standing> {
  const found = new Map<string, Standing>();
  for (const { environment, service, host } of drifts) {
    const key = `${driftRemark}${environment} ${service}`;
    found.set(key, { environment, service, hosts: [...(found.get(key)?.hosts ?? []), host] });
  }
  return found;
}
