import type { Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { NewLook } from '../../model/look.js';
import type { Service } from '../../model/service.js';

export interface SweepDeps {
  readonly services: () => ReadonlyMap<string, Service>;
  /** Milliseconds between sweeps. Null: no sweeps, not even at start-up. */
  readonly interval: () => number | null;
  readonly onLook: (look: NewLook) => Promise<void>;
  /** Called after a sweep that began at `began`. */
  readonly onSwept: (began: number) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** A number in [0, 1), to spread the sweeps of many servers. */
  readonly random: () => number;
}

/** How often a disabled sweep checks whether the configuration has changed. */
const OFF_MS = 60_000;
const JITTER = 0.1;
/** Node.js treats a longer pause as no pause. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Looks at every repository at start-up and then every interval, until the signal aborts. The next sweep finds what one misses. */
export async function runSweep(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const interval = deps.interval();
    if (interval !== null) await sweepOnce(deps, signal);
    const jitter = 1 + JITTER * (deps.random() - 0.5);
    await deps.clock.sleep(Math.min((interval ?? OFF_MS) * jitter, MAX_TIMER_MS), signal);
  }
}

/** Looks at each repository of a service, one after another. */
export async function sweepOnce(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  const began = deps.clock.now();
  const repositories = new Set([...deps.services().values()].map(({ repository }) => repository));
  for (const repository of repositories) {
    if (signal.aborted) return;
    try {
      await deps.onLook(sweepLook(repository, deps.clock.now()));
    } catch (thrown) {
      const error = asSlipwayError(thrown);
      deps.log.warn({ repository, code: error.code, err: error }, `sweep skipped ${repository}: ${error.message}`);
    }
  }
  await deps.onSwept(began).catch((err: unknown) => deps.log.warn({ err }, 'could not record the end of the sweep'));
}

/** If nobody processes the look, it becomes due like any other after this many milliseconds. */
const FALLBACK_MS = 600_000;

const sweepLook = (repository: string, now: number): NewLook => ({
  trigger: { kind: 'sweep', deliveryId: null, by: null },
  repository,
  ref: null,
  services: null,
  before: null,
  after: null,
  dueAt: now + FALLBACK_MS,
});
