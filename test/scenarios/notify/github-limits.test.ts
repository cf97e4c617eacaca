/** A repository that a thousand services use, and a GitHub that enforces its documented limits. */
import { useFakeStage } from '../../support/fake-stage.js';
import { SECRET } from '../../support/slipway.js';
import { leapClock, type LeapClock } from '../../support/leap-clock.js';
import { startFakeGithub, type FakeGithub } from '../../support/fake-github.js';

const open = useFakeStage();
let clock: LeapClock;
let github: FakeGithub;
beforeEach(async () => {
  clock = leapClock();
  github = await startFakeGithub({ now: clock.now });
});
afterEach(() => github.close());

/** All but the first `built` are for other branches, so that a push decides on each and builds few. */
const servicesOf = (count: number, built: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `s${String(index).padStart(4, '0')}`,
      { repository: 'abc/app', version: { value: '1.0' }, branches: [index < built ? 'main' : 'release'] },
    ]),
  );
const started = (services: object, more: object = {}) =>
  open({
    clock,
    services: services as Record<string, object>,
    config: {
      server: { listen: '127.0.0.1:0', dataDir: './data', publicUrl: 'https://images.test' },
      github: { webhookSecrets: [SECRET], token: 'ghp_token', apiUrl: github.url, ...more },
    },
  });

test('a thousand services and one push end with one summary, and no call is refused', async () => {
  const stage = await started(servicesOf(1_000, 20));
  await stage.push({ Dockerfile: 'FROM scratch\nCOPY . /\n' });
  await stage.slipway.quiet();
  const sha = await stage.tip();
  await stage.until('the summary', async () => github.last().get('slipway')?.state === 'success');
  expect(github.statuses.at(-1)).toEqual({
    ...{ repository: 'abc/app', sha, state: 'success', context: 'slipway' },
    description: '20 built, 980 nothing to build',
    target_url: `https://images.test/deliveries?repository=abc%2Fapp&commit=${sha}`,
  });
  expect(new Set(github.statuses.map(({ context }) => context))).toEqual(new Set(['slipway']));
  expect(github.refused).toEqual([]);
  expect(github.requests.length).toBeLessThan(5);
});

test('statuses of single services keep to the limits, and each comes in the end', async () => {
  const stage = await started(servicesOf(150, 0), { statuses: 'service' });
  await stage.push({ Dockerfile: 'FROM scratch\n' });
  await stage.slipway.quiet();
  const left = () => stage.slipway.running.store.notices.nextDueAt([]);
  for (const sent of [60, 120, 150]) {
    await stage.until(`${sent} statuses`, async () => github.statuses.length === sent);
    await stage.until('the rest to wait', async () => ((await left()) ?? Infinity) > clock.now());
    clock.leap(61_000);
  }
  expect(new Set(github.statuses.map(({ context, state }) => `${state} ${context}`))).toHaveProperty('size', 150);
  expect(github.refused).toEqual([]);
});

test('the end of the thousand statuses that a commit and context may have is no failure', async () => {
  await github.close();
  const gone = { status: 422, body: '{"message":"This SHA and context has reached the maximum number of statuses."}' };
  github = await startFakeGithub({ now: clock.now, fails: () => gone });
  const stage = await started(servicesOf(1, 1));
  await stage.push({ Dockerfile: 'FROM scratch\nCOPY . /\n' });
  await stage.slipway.quiet();
  await stage.until(
    'nothing to be left',
    async () => (await stage.slipway.running.store.notices.nextDueAt([])) === null,
  );
  expect(await stage.builds()).toMatchObject([{ status: 'succeeded' }]);
  expect(github.requests).toHaveLength(1);
});
