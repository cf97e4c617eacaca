import { SlipwayError } from '../../errors.js';
import type { ObservedContainer } from '../../hosts/contract.js';
import { requireLease } from './attempt.js';
import { askVersion, type VersionAnswer } from './ask-version.js';
import { crashOf } from './crash.js';
import { isDisplaced } from './displaced.js';
import type { HostWork, Target } from './host-work.js';
import { throwIfStopped } from './stopped.js';

/** How often an unverified container that ends is started again: what it needs may not be up yet. */
const MAX_RESTARTS = 3;
/** The pause before that grows, and all of them together take less than half of the time for a start. */
const MAX_PAUSES = 8;
/** A container is looked at this often, or four times in the time that it has to stay up. */
const LOOK_MS = 1_000;
const LOOKS_WHILE_SETTLING = 4;
/** Characters of an answer in an error. */
const MAX_QUOTED = 200;

/** What a container has shown so far. */
interface Shown {
  /** Of its newest start, with the number of starts that the engine made. Another one: what it has shown counts no more. */
  run: string;
  upSince: number;
  answer: VersionAnswer | null;
  restarts: number;
  /** As it was when it ended last. */
  ended: ObservedContainer | null;
}

/**
 * Watches a container until it has done all that it should: the same run for `timeouts.settle`, healthy where it has a health check, and the
 * version that is expected where it is asked. Resolves with false if another container of ours runs instead, as after a start of the machine.
 * Fails with `container-crashed`, `version-mismatch` or `verification-timeout`; or as hosts do.
 */
export async function verifyContainer(id: string, target: Target, work: HostWork): Promise<boolean> {
  const { deps, attempt } = work;
  const { settle, start } = attempt.environment.timeouts;
  const until = deps.clock.now() + start;
  const shown: Shown = { run: '', upSince: 0, answer: null, restarts: 0, ended: null };
  for (;;) {
    throwIfStopped(attempt.signal);
    const seen = await work.host.containers.inspect(id);
    if (seen === null) throw goneFrom(work.host.name);
    const isGood = await look(seen, shown, target, work, until);
    if (isGood === null) return false;
    const now = deps.clock.now();
    if (isGood && now - shown.upSince >= settle) return true;
    if (!isGood && now >= until) throw await failureOf(seen, shown, target, work);
    await deps.clock.sleep(Math.min(LOOK_MS, Math.max(1, settle / LOOKS_WHILE_SETTLING)), attempt.signal);
  }
}

/** Whether it shows all that it should now, apart from the time. Null: another container runs in its place. */
async function look(
  seen: ObservedContainer,
  shown: Shown,
  target: Target,
  work: HostWork,
  until: number,
): Promise<boolean | null> {
  const { status, startedAt, restarts, health } = seen.state;
  if (status !== 'running') {
    return (await isDisplaced(seen.id, work)) || !(await startAgain(seen, shown, work, until)) ? null : false;
  }
  const run = `${startedAt ?? ''}/${restarts}`;
  if (run !== shown.run) Object.assign(shown, { run, upSince: work.deps.clock.now(), answer: null });
  if (health !== null && health !== 'healthy') return false;
  if (shown.answer?.ok !== true) shown.answer = await askVersion(seen, target, work);
  return shown.answer.ok;
}

/** False: another container has come to run in its place. */
async function startAgain(seen: ObservedContainer, shown: Shown, work: HostWork, until: number): Promise<boolean> {
  const { deps, host, attempt } = work;
  const { status } = seen.state;
  if (status !== 'exited' && status !== 'created') return true;
  if (shown.restarts >= MAX_RESTARTS || deps.clock.now() >= until) throw await crashOf(seen, work);
  await deps.clock.sleep(
    Math.min(LOOK_MS * 2 ** shown.restarts, attempt.environment.timeouts.start / MAX_PAUSES),
    attempt.signal,
  );
  shown.restarts += 1;
  shown.ended = seen;
  await attempt.notes.say(
    `it ended with exit code ${seen.state.lastExit?.code ?? 'unknown'}; starting it again`,
    host.name,
  );
  await requireLease(attempt, deps);
  try {
    await host.controls.start(seen.id);
  } catch (error) {
    if (!(await isDisplaced(seen.id, work))) throw error;
    return false;
  }
  return true;
}

/** One that has crashed and may be about to again is not merely late. */
const failureOf = async (
  seen: ObservedContainer,
  shown: Shown,
  target: Target,
  work: HostWork,
): Promise<SlipwayError> =>
  shown.ended !== null && (seen.state.status !== 'running' || (shown.answer?.found ?? null) === null)
    ? crashOf(shown.ended, work)
    : timeoutOf(seen, shown, target, work);

function timeoutOf(seen: ObservedContainer, { answer }: Shown, target: Target, { host, mask }: HostWork): SlipwayError {
  const extra = { host: host.name };
  const { health } = seen.state;
  if (answer !== null && answer.found !== null && !answer.ok) {
    const found = mask(answer.found).slice(0, MAX_QUOTED);
    const expected = mask(target.expected.text);
    return new SlipwayError(
      'version-mismatch',
      `Host ${host.name}: the container answers ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}.`,
      { extra: { ...extra, expected, answered: found } },
    );
  }
  const why =
    health !== null && health !== 'healthy'
      ? `its health check says ${health}`
      : answer === null
        ? 'it does not keep running'
        : `it does not answer with a version: ${mask(answer.why ?? 'no answer')}`;
  return new SlipwayError(
    'verification-timeout',
    `Host ${host.name}: the container was not verified in time; ${why}.`,
    { extra },
  );
}

/** Somebody removed it: another is made, and the release is not to blame. */
const goneFrom = (host: string): SlipwayError =>
  new SlipwayError('engine-error', `Host ${host}: the container was removed by somebody else.`, { extra: { host } });
