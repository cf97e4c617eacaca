/** What lets a deployment go on, and what asks for one by itself. One story on real engines: each test goes on from the last. */
import { must } from '../../support/app.js';
import { Hands } from '../../support/hands.js';
import { hostAddress } from '../../support/host-engines.js';
import { onCall } from '../../support/host-proxy.js';
import {
  ask,
  containerOf,
  containersOn,
  crashing,
  dockerfile,
  engineOf,
  openHostsStage,
  runFile,
  type HostsStage,
} from '../../support/hosts-stage.js';
import { leapClock } from '../../support/leap-clock.js';
import { TOKEN, until } from '../../support/slipway.js';
import type { Ticket, Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let production: Tickets;
let staging: Tickets;

const clock = leapClock();
const stagingAddress = hostAddress(51);
const MINUTE_MS = 60_000;

beforeAll(async () => {
  const tokens = [
    { name: 'ops', token: TOKEN, scopes: ['admin'] },
    { name: 'deployer', token: 'deployer-token', scopes: ['deploy'], environments: ['production'] },
  ];
  stage = await openHostsStage({
    clock,
    config: { access: { tokens } },
    environments: ([first]) => ({
      staging: {
        hosts: { s: { engine: first?.settings.engine, address: stagingAddress, publish: stagingAddress } },
        follow: 'main',
      },
      production: { requires: 'staging' },
    }),
  });
  production = stage.tickets;
  staging = production.in('staging');
}, 120_000);

afterAll(() => stage?.close(), 60_000);

const call = async (method: 'POST' | 'PUT' | 'DELETE', path: string, payload?: object, token?: string) => {
  const { statusCode, body } = await stage.slipway.request(method, `/api/v1${path}`, payload, token);
  return { status: statusCode, body: JSON.parse(body || 'null') as object };
};
const hold = (environment: string) => call('PUT', `/environments/${environment}/hold`, { reason: 'the year ends' });
const lift = (environment: string) => call('DELETE', `/environments/${environment}/hold`);
const approve = (id: string, token = TOKEN) => call('POST', `/deployments/${id}/approve`, undefined, token);

/** What users get from the hosts of production, and what those have. */
const words = () => Promise.all(stage.hosts.map(({ publish }) => ask(publish)));
const containers = () => Promise.all(stage.hosts.map((host) => containersOn(host)));
const onBoth = <T>(one: T): readonly T[] => [one, one];

/** Resolves when it waits for that with every host prepared. */
const waits = (tickets: Tickets, id: string, code: string): Promise<Ticket> =>
  until(`${id} to wait for ${code}`, async () => {
    const found = await tickets.get(id);
    if (found.finishedAt !== null) throw new Error(`it has ended ${found.status}`);
    const isPrepared = found.hosts.length > 0 && found.hosts.every(({ state }) => state === 'ready');
    return found.status === 'pending' && isPrepared && found.waitingFor?.code === code && found;
  });

/** `2 succeeded follow`: the deployments of staging, the oldest first. */
const inStaging = async (): Promise<readonly string[]> =>
  (await staging.all())
    .map(({ release, status, requestedBy }) => `${release.number} ${status} ${requestedBy}`)
    .reverse();

/** Makes a release that says a word, which comes to staging by itself. */
async function follows(word: string): Promise<number> {
  const release = await stage.say(word);
  await staging.settled(release);
  expect(await ask(stagingAddress)).toBe(word);
  return release;
}

test('a followed branch waits for a hold, and production takes what was verified in staging', async () => {
  await hold('staging');
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  const { id } = await until('it to be asked for', async () => (await staging.all())[0]);
  expect(await waits(staging, id, 'hold')).toMatchObject({ requestedBy: 'follow', release: { number: 1 } });
  expect(await ask(stagingAddress)).toBe('nobody');
  const refused = { status: 409, body: { code: 'release-not-verified' } };
  expect(await production.ask({ release: 1 })).toMatchObject(refused);
  expect(await production.ask({ release: 1, force: true })).toMatchObject(refused);
  expect(await production.ask({ from: 'staging' })).toMatchObject({ status: 422, body: { code: 'no-release' } });
  expect(await lift('staging')).toMatchObject({ status: 204 });
  const { release } = await staging.ended(id);
  expect([await ask(stagingAddress), await inStaging()]).toEqual(['one', ['1 succeeded follow']]);
  expect(await production.deploy({ from: 'staging' })).toMatchObject({ status: 'succeeded', release });
  expect([await words(), await containers()]).toEqual([onBoth('one'), onBoth(['1 always'])]);
  for (const host of stage.hosts) {
    const { Image } = await containerOf(host, 1);
    expect((await engineOf(host).getImage(Image).inspect()).RepoDigests.join()).toContain(release.digest);
  }
}, 120_000);

test('a deployment is prepared and waits for an approval by somebody else, and for the end of a hold', async () => {
  const two = await follows('two');
  await stage.configure({ requires: 'staging', approvals: 1 });
  const id = await production.begin({ release: two });
  await waits(production, id, 'approval');
  expect([await words(), await containers()]).toEqual([onBoth('one'), onBoth(['1 always', '-2 no'])]);
  for (const { host } of stage.hosts) expect(await host.images.find(`slipway.local/shop:${id}`)).not.toBeNull();
  expect(await approve(id)).toMatchObject({ status: 409, body: { code: 'approval-by-requester' } });
  expect(await hold('production')).toMatchObject({ status: 200, body: { by: 'ops' } });
  expect(await approve(id, 'deployer-token')).toMatchObject({ status: 202, body: { approvals: [{ by: 'deployer' }] } });
  const held = await waits(production, id, 'hold');
  expect(held.waitingFor?.message).toContain('ops holds production: the year ends');
  expect([await words(), await containers()]).toEqual([onBoth('one'), onBoth(['1 always', '-2 no'])]);
  await lift('production');
  expect(await production.ended(id)).toMatchObject({ status: 'succeeded', approvals: [{ by: 'deployer' }] });
  expect([await words(), await containers()]).toEqual([onBoth('two'), onBoth(['-1 no', '2 always'])]);
}, 120_000);

/** A minute of each day, as the clocks of Kathmandu show it: they are 5 hours and 45 minutes ahead all year. */
function minuteFrom(at: number): object {
  const minutes = Math.floor(at / MINUTE_MS) + 345;
  const text = (minute: number) =>
    [Math.floor(minute / 60) % 24, minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  return { days, from: text(minutes), to: text(minutes + 1), zone: 'Asia/Kathmandu' };
}

test('it goes on when the window opens, and on both hosts although the window closes in the middle', async () => {
  const three = await follows('three');
  const opensAt = Math.ceil((clock.now() + MINUTE_MS / 2) / MINUTE_MS) * MINUTE_MS;
  await stage.configure({ requires: 'staging', window: [minuteFrom(opensAt)] });
  const id = await production.begin({ release: three });
  const { waitingFor } = await waits(production, id, 'window');
  expect(Date.parse(waitingFor?.until ?? '')).toBe(opensAt);
  clock.leap(opensAt - clock.now() - 2_000);
  expect([await words(), await containers()]).toEqual([onBoth('two'), onBoth(['-1 no', '2 always', '-3 no'])]);
  const hands = new Hands();
  const [first] = stage.hosts;
  const start = async () => hands.hold('start').then(() => 'pass' as const);
  first?.proxy.judge(onCall(/^POST .*\/start/, start));
  await hands.holds('start');
  expect(clock.now()).toBeGreaterThanOrEqual(opensAt);
  clock.leap(MINUTE_MS);
  expect(await stage.slipway.get('/api/v1/environments/production')).toMatchObject({ window: { open: false } });
  await hands.letGo('start');
  expect(await production.ended(id)).toMatchObject({ status: 'succeeded', release: { number: three } });
  expect(await words()).toEqual(onBoth('three'));
}, 120_000);

test('a rollback goes through all gates at once', async () => {
  await stage.configure({ requires: 'staging', approvals: 2, window: [minuteFrom(clock.now() - 2 * MINUTE_MS)] });
  await hold('production');
  const { body } = await production.ask({ release: 1, dryRun: true });
  expect((body as { gates: { code: string }[] }).gates.map(({ code }) => code)).toEqual(['hold', 'approval', 'window']);
  expect(await production.act('rollback')).toMatchObject({ status: 'succeeded', release: { number: 2 } });
  expect([await words(), await containers()]).toMatchObject([onBoth('two'), [expect.arrayContaining(['-3 no']), {}]]);
}, 60_000);

/** A new process looks at once. */
async function restart(): Promise<void> {
  await stage.slipway.stop();
  await stage.slipway.start();
}

test('a followed branch undoes no rollback and no ticket, deploys nothing that is blocked, and goes on with a newer release', async () => {
  const followed = ['1 succeeded follow', '2 succeeded follow', '3 succeeded follow'];
  expect(await inStaging()).toEqual(followed);
  await staging.act('rollback');
  await restart();
  const four = await follows('four');
  const back = [...followed, '2 succeeded ops', '4 succeeded follow'];
  expect(await inStaging()).toEqual(back);
  const five = await stage.say('five', crashing);
  await until('it to be deployed', async () => must((await staging.all())[0]).release.number === five);
  const failed = await staging.ended(must((await staging.all())[0]).id);
  expect(failed).toMatchObject({ status: 'rolled-back', error: { code: 'container-crashed' } });
  expect(await ask(stagingAddress)).toBe('four');
  expect(await staging.ask({ release: five })).toMatchObject({ status: 409, body: { code: 'release-blocked' } });
  await restart();
  expect(await staging.deploy({ release: 2, force: true })).toMatchObject({ status: 'succeeded' });
  await restart();
  await follows('six');
  const after = ['5 rolled-back follow', '2 succeeded ops', '6 succeeded follow'];
  expect([four, await inStaging()]).toEqual([4, [...back, ...after]]);
}, 120_000);
