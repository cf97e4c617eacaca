import { SlipwayError, type ErrorCode } from '../../../../src/errors.js';
import type { Build } from '../../../../src/model/build.js';
import type { TriggerKind } from '../../../../src/model/trigger.js';
import { concludeThrown } from '../../../../src/pipeline/build/conclude.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';
import { sampleBuild } from '../../../support/report-samples.js';

interface Outcome {
  readonly pauseMs?: number;
  readonly countsAsAttempt?: boolean;
  readonly status?: string;
}

async function concluded(build: Build, code: ErrorCode, namedMs: number | null = null): Promise<Outcome> {
  const clock = manualClock();
  const now = clock.now();
  let outcome: Outcome = {};
  const retryAt = namedMs === null ? null : now + namedMs;
  await concludeThrown(build, new SlipwayError(code, 'scripted', { retryAt }), {
    clock,
    log: keptLog(),
    endBuild: async (_, { status }) => void (outcome = { status }),
    putBack: async (_, notBefore, countsAsAttempt) => void (outcome = { pauseMs: notBefore - now, countsAsAttempt }),
    note: async () => undefined,
    waits: async () => undefined,
  });
  return outcome;
}

const buildOf = (kind: TriggerKind, attempt: number) =>
  sampleBuild({ attempt, trigger: { kind, deliveryId: null, by: null } });

test.each([
  [0, null, 1_000],
  [3, null, 8_000],
  [0, 60_000, 60_000],
  [7, 60_000, 120_000],
  [0, -5_000, 1_000],
  // A store ends longer pauses.
  [0, 7_200_000, 600_000],
])('after attempt %i the pause to a host that named %s ms is %i', async (attempt, named, pause) => {
  const { pauseMs } = await concluded(buildOf('push', attempt), 'registry-unavailable', named);
  expect(pauseMs).toBe(pause);
});

test.each([
  [null, true],
  [600_000, true],
  [600_001, false],
])('waiting for a host that named %s ms counts as an attempt: %s', async (named, counts) => {
  expect((await concluded(buildOf('push', 0), 'git-unavailable', named)).countsAsAttempt).toBe(counts);
});

test.each<[ErrorCode, TriggerKind, number, number | string]>([
  ['registry-unavailable', 'push', 15, 120_000],
  ['registry-unavailable', 'push', 16, 300_000],
  ['git-unavailable', 'sweep', 60, 300_000],
  ['git-unavailable', 'packaging', 82, 300_000],
  ['engine-unavailable', 'base-image', 83, 'failed'],
  ['registry-unavailable', 'api', 15, 'failed'],
  ['registry-unavailable', 'manual', 14, 120_000],
  ['registry-unavailable', 'retry', 15, 'failed'],
  ['registry-error', 'push', 15, 'failed'],
  ['registry-refused', 'push', 0, 'failed'],
])('%s of a build by %s after attempt %i: %s', async (code, kind, attempt, outcome) => {
  const { pauseMs, status } = await concluded(buildOf(kind, attempt), code);
  expect(pauseMs ?? status).toBe(outcome);
});
