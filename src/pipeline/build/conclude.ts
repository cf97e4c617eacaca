import type { Clock } from '../../clock.js';
import { asSlipwayError, type ErrorCode, type SlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Build, BuildError } from '../../model/build.js';
import type { WaitedOut } from '../../model/waiting-for.js';
import type { BuildEnd } from '../../store/contract.js';
import type { Interruption } from './interruption.js';
import {
  LATE_BUILD_PAUSE_MS,
  MAX_BUILD_ATTEMPTS,
  MAX_UNATTENDED_ATTEMPTS,
  buildPauses,
  pauseAfter,
  pauseUntil,
  waitsBeyond,
} from '../../queue/pauses.js';

export interface ConcludeDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Records the end of a build and everything that follows. */
  readonly endBuild: (build: Build, end: BuildEnd) => Promise<void>;
  /** Puts a running build back in the queue. It starts no earlier than `notBefore`. */
  readonly putBack: (build: Build, notBefore: number, countsAsAttempt: boolean) => Promise<void>;
  /** Says what a build waits for that is about to be put back. */
  readonly waits: (build: Build, waitedOut: WaitedOut) => Promise<void>;
  /** Adds a line to the build's log. */
  readonly note: (build: Build, line: string) => Promise<void>;
}

/** Handles a build that was stopped from outside: canceled, over its time limit, lost, or put back because the server stops. */
export async function concludeInterrupted(
  build: Build,
  { kind }: Interruption,
  timeout: number,
  deps: ConcludeDeps,
): Promise<void> {
  if (kind === 'drain') {
    await deps.note(build, 'The server stops; the build goes back into the queue.');
    await deps.putBack(build, deps.clock.now(), false);
    return;
  }
  if (kind === 'lost') {
    deps.log.warn({}, 'the build is stopped: another worker has it, or the lease has nearly run out');
    // Changes nothing if another has it. It goes back into the queue where the lease was merely too short to go on.
    await deps.putBack(build, deps.clock.now(), false);
    return;
  }
  if (kind === 'cancel') {
    await deps.note(build, 'Canceled.');
    await deps.endBuild(build, { status: 'canceled' });
    return;
  }
  const message = `The build was stopped after ${Math.round(timeout / 1000)} s (engine.timeout).`;
  await fail(build, { code: 'build-timeout', message, step: null, blame: 'dockerfile' }, deps);
}

/** Handles a failed build: another attempt if the error may pass, no earlier than the neighbour wants it, else its end. */
export async function concludeThrown(build: Build, thrown: unknown, deps: ConcludeDeps): Promise<void> {
  const error = asSlipwayError(thrown);
  if (error.retryable && build.attempt + 1 < maxAttempts(build, error)) {
    const now = deps.clock.now();
    const growing = pauseAfter(build.attempt, buildPauses);
    const pause = pauseUntil(error.retryAt, now, build.attempt < MAX_BUILD_ATTEMPTS ? growing : LATE_BUILD_PAUSE_MS);
    deps.log.warn({ code: error.code, pause, attempt: build.attempt }, `trying again: ${error.message}`);
    await deps.note(build, `${error.code}: ${error.message} Trying again in ${Math.round(pause / 1000)} s.`);
    await deps.waits(build, { code: error.code, message: error.message });
    await deps.putBack(build, now + pause, !waitsBeyond(error.retryAt, now));
    return;
  }
  if (error.code === 'internal')
    deps.log.error({ err: error.cause ?? error }, 'build failed because of a fault in Slipway');
  await fail(build, describe(error), deps);
}

/** A neighbour that is away, or a git host that does not show a repository, is waited for longest. */
const awayCodes: ReadonlySet<ErrorCode> = new Set([
  'git-unavailable',
  'git-unauthorized',
  'registry-unavailable',
  'engine-unavailable',
]);
const askedByPeople: ReadonlySet<Build['trigger']['kind']> = new Set(['api', 'manual', 'retry']);

function maxAttempts({ trigger }: Build, { code }: SlipwayError): number {
  const nobodyWaits = awayCodes.has(code) && !askedByPeople.has(trigger.kind);
  return nobodyWaits ? MAX_UNATTENDED_ATTEMPTS : MAX_BUILD_ATTEMPTS;
}

async function fail(build: Build, error: BuildError, deps: ConcludeDeps): Promise<void> {
  await deps.note(build, `FAILED ${error.code} (${error.blame}): ${error.message}`);
  await deps.endBuild(build, { status: 'failed', error });
}

function describe(error: SlipwayError): BuildError {
  return { code: error.code, message: error.message, step: error.step, blame: error.blame };
}
