/** Deployments behind a real HAProxy, under load. */
import { until } from '../../support/api-client.js';
import { ask, crashing, dockerfile, runFile, runningOn } from '../../support/hosts-stage.js';
import {
  keepAsking,
  openSwitchStage,
  switchTimeouts as shortSoak,
  usersPerSecond,
  type SwitchStage,
} from '../../support/switch-stage.js';

let opened: SwitchStage;

beforeAll(async () => {
  opened = await openSwitchStage();
  await opened.stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
}, 120_000);
afterAll(() => opened?.close(), 60_000);

const url = () => `http://127.0.0.1:${opened.haproxy.port}/word`;
const get = () => opened.haproxy.get('/word').then((text) => text.trim());
const running = () => Promise.all(opened.stage.hosts.map((host) => runningOn(host)));

test('the first deployment goes to the idle host, and the fresh one follows as the standby', async () => {
  const { status, hosts } = await opened.stage.tickets.deploy();
  expect([status, await opened.active(), await get()]).toEqual(['succeeded', ['b'], 'one']);
  expect(hosts.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(await running()).toEqual([['1 always'], ['1 always']]);
  expect(hosts.flatMap(({ verifications }) => verifications)).toContainEqual(
    expect.objectContaining({ via: 'balancer', ok: true }),
  );
});

test('under load nobody gets an error: a deployment, a rollback, and reloads of HAProxy with and without its state', async () => {
  const { stage, haproxy } = opened;
  const load = keepAsking(url(), 200);
  await stage.say('two');
  expect((await stage.tickets.deploy()).status).toBe('succeeded');
  expect([await opened.active(), await get()]).toEqual([['a'], 'two']);
  await haproxy.reload();
  expect(await opened.active()).toEqual(['a']);
  expect((await stage.tickets.act('rollback')).status).toBe('succeeded');
  expect([await opened.active(), await get()]).toEqual([['b'], 'one']);
  await haproxy.forgetState();
  await haproxy.reload();
  const { failed, asked, words } = await load.end();
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(500);
  expect([...words].sort()).toEqual(['one', 'two']);
}, 120_000);

test('a release that crashes never gets a request', async () => {
  const { stage } = opened;
  const before = await opened.active();
  const load = keepAsking(url(), 50);
  const release = await stage.say('bad', crashing);
  const { status, error } = await stage.tickets.deploy({ release });
  const { failed, words } = await load.end();
  expect([status, error?.code, failed, [...words]]).toEqual(['failed', 'container-crashed', [], [await get()]]);
  expect(await opened.active()).toEqual(before);
}, 60_000);

test('HAProxy that forgets the switch in the middle is switched again, says so, and users are answered', async () => {
  const { stage, haproxy } = opened;
  // After the last test HAProxy is as it was at first, so that this is what it goes back to.
  expect(await opened.active()).toEqual(['a']);
  const release = await stage.say('three');
  await stage.configure({ timeouts: { ...shortSoak, soak: '4s' } });
  const load = keepAsking(url(), usersPerSecond(50));
  const id = await stage.tickets.begin({ release });
  // The switch is made, and written down.
  await until('the soak', async () => (await stage.tickets.get(id)).steps.some(({ name }) => name.startsWith('soak')));
  expect(await opened.active()).toEqual(['b']);
  await haproxy.forgetState();
  await haproxy.reload();
  const { status, warnings } = await stage.tickets.ended(id);
  const { failed } = await load.end();
  expect([status, await get(), failed]).toEqual(['succeeded', 'three', []]);
  expect(warnings.join('\n')).toMatch(/The (enable|drain) of [ab] was undone at the balancer/);
  for (const { publish } of stage.hosts) expect(await ask(publish)).toBe('three');
}, 120_000);
