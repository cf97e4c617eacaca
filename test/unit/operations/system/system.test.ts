import { createSystem, type SystemDeps } from '../../../../src/operations/system/system.js';
import { Secret } from '../../../../src/secret.js';
import { SlipwayError } from '../../../../src/errors.js';
import { manualClock } from '../../../support/manual-clock.js';

const ok = { ok: true, message: 'ok' };
const allWell = {
  ...{ engine: ok, registry: ok, store: ok, git: ok, disk: ok },
  ...{ setAside: ok, configuration: ok, waiting: ok, hosts: ok },
};
const wait = (code: 'git-unavailable' | 'registry-unavailable', until: number) => ({ code, message: code, until });

function systemWith(given: Partial<SystemDeps> = {}, waits = [wait('git-unavailable', 5)]) {
  const clock = manualClock(1_000);
  const store = {
    audit: { page: async () => ({ items: [], nextCursor: null }) },
    deliveries: { heard: async () => new Map() },
    housekeeping: { load: async () => ({ queued: 1, running: 2, pausedUntil: 7 }), waits: async () => waits },
    notices: { waiting: async () => [] },
  } as unknown as SystemDeps['store'];
  const system = createSystem({
    ...{ store, clock, database: '0001' },
    readiness: { check: async () => allWell },
    engine: { version: async () => '29.0' },
    refusals: { all: async () => [] },
    services: () => new Map(),
    tokens: () => [],
    concurrency: () => 3,
    disk: async () => null,
    ...given,
  });
  return { clock, system };
}

test('a check that fails has a remedy, one that tells something is a note, and one that is well says nothing', async () => {
  const registry = { ok: false, message: 'It does not answer.' };
  const hosts = { ok: true, message: 'degraded, away: production/a' };
  const { system } = systemWith({ readiness: { check: async () => ({ ...allWell, registry, hosts }) } });
  const { checks } = await system.answer();
  expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
    ...['engine ok', 'registry fault', 'store ok', 'git ok', 'disk ok'],
    ...['setAside ok', 'configuration ok', 'waiting ok', 'hosts note'],
  ]);
  expect(checks[1]).toMatchObject({ message: 'It does not answer.', remedy: expect.stringContaining('registry.host') });
  expect(checks[0]).toMatchObject({ message: null, remedy: null });
});

test('what waits for the same is one cause, with the first time', async () => {
  const waits = [wait('git-unavailable', 5), wait('registry-unavailable', 6), wait('git-unavailable', 9)];
  const { waits: causes, queue } = await systemWith({}, waits).system.answer();
  expect(causes.map(({ code, until, count }) => [code, until, count])).toEqual([
    ['git-unavailable', 5, 2],
    ['registry-unavailable', 6, 1],
  ]);
  expect(queue).toEqual({ queued: 1, running: 2, pausedUntil: 7, concurrency: 3 });
});

test.each([
  ['is away', async () => Promise.reject(new SlipwayError('engine-unavailable', 'away'))],
  ['never answers', () => new Promise<string>(() => undefined)],
])('an engine that %s has no version, and nothing waits for it', async (_, version) => {
  const { clock, system } = systemWith({ engine: { version } });
  const answer = system.answer();
  clock.advance(2_000);
  expect((await answer).versions).toMatchObject({ engine: null, database: '0001' });
});

test('a token that calls was used then, until another server starts', async () => {
  const token = { name: 'ci', token: new Secret('text'), scopes: ['build'], environments: null } as const;
  const { clock, system } = systemWith({ tokens: () => [token] });
  expect((await system.tokens())[0]?.lastUsedAt).toBeNull();
  clock.advance(500);
  system.used('ci');
  expect(await system.tokens()).toEqual([
    { name: 'ci', scopes: ['build'], environments: null, lastUsedAt: 1_500, lastActedAt: null },
  ]);
});
