/** What only HAProxy does: checks, reloads, pairs, the state file. */
import { readFile, rm } from 'node:fs/promises';
import type { BalancedHost, Balancer } from '../../../src/balancer/contract.js';
import { until } from '../../support/api-client.js';
import { failureOf } from '../../support/failure-of.js';
import { startHaproxy, type TestHaproxy } from '../../support/haproxy.js';
import { openHaproxy } from '../../support/open-haproxy.js';

const running: TestHaproxy[] = [];

async function start(checks?: string): Promise<TestHaproxy> {
  const haproxy = await startHaproxy(checks);
  running.push(haproxy);
  return haproxy;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((haproxy) => haproxy.close()));
});

const seen = async (balancer: Balancer, host: string): Promise<BalancedHost | undefined> =>
  (await balancer.observe('web')).get(host);

/** Makes `b` active and `a` idle, as a deployment does. */
async function switchToB(balancer: Balancer): Promise<void> {
  await balancer.enable('web', 'b');
  await until('b to pass its check', async () => (await seen(balancer, 'b'))?.passedCheck === true);
  await balancer.drain('web', 'a');
}

const statesOf = async (balancer: Balancer): Promise<readonly unknown[]> =>
  [...(await balancer.observe('web')).values()].map(({ state }) => state);

/** `srv_admin_state` of a server. */
async function adminState({ ask }: TestHaproxy, server: string): Promise<number> {
  const line = (await ask('show servers state bk_web')).split('\n').find((one) => one.includes(` ${server} `));
  return Number(line?.split(' ')[6]);
}

test('a server that leaves maintenance is up before its first check, which is not taken for a passed one', async () => {
  const haproxy = await start('inter 2s fastinter 2s downinter 2s fall 2 rise 2');
  const balancer = openHaproxy([haproxy.socket]);
  await balancer.enable('web', 'b');
  await until('b to pass its check', async () => (await seen(balancer, 'b'))?.passedCheck === true);
  await haproxy.ask('set server bk_web/web-b state maint');
  expect(await seen(balancer, 'b')).toMatchObject({ state: 'drained', passedCheck: false });
  haproxy.setDown('web-b', true);
  await balancer.enable('web', 'b');
  const first = await seen(balancer, 'b');
  // HAProxy shows the result of before the maintenance.
  expect(await haproxy.ask('show stat bk_web 4 -1')).toMatch(/^bk_web,web-b,.*,UP 1\/2,.*,L7OK,/m);
  expect(first).toMatchObject({ state: 'active', passedCheck: false });
  const later = await until('HAProxy to notice', async () => {
    const now = await seen(balancer, 'b');
    return now?.state === 'down' && now;
  });
  expect(later).toMatchObject({ passedCheck: false, reason: expect.stringMatching(/L7STS/) });
});

test('a reload without the state file undoes a switch', async () => {
  const haproxy = await start();
  const balancer = openHaproxy([haproxy.socket]);
  await switchToB(balancer);
  await until('requests to reach b', async () => (await haproxy.get()) === 'web-b');
  await haproxy.reload();
  expect(await statesOf(balancer)).toEqual(['active', 'drained']);
  expect(await haproxy.get()).toBe('web-a');
});

test('a reload with the state file keeps a switch, although the configuration has the server as disabled', async () => {
  const haproxy = await start();
  const balancer = openHaproxy([haproxy.socket], { stateFile: haproxy.stateFile });
  await switchToB(balancer);
  await haproxy.reload();
  expect(await statesOf(balancer)).toEqual(['drained', 'active']);
  // Maintenance by the configuration, while it is up.
  expect((await adminState(haproxy, 'web-b')) & 4).toBe(4);
  expect(await haproxy.get()).toBe('web-b');
  expect(await readFile(haproxy.stateFile, 'utf8')).toMatch(/^1\n# be_id .*\n(.*\n)*\d+ bk_plain 1 web-a /);
});

test('a state file that cannot be written is a warning; the change has happened', async () => {
  const haproxy = await start();
  const balancer = openHaproxy([haproxy.socket], { stateFile: '/nonexistent/state' });
  expect(await balancer.enable('web', 'b')).toEqual([
    expect.stringMatching(
      /^The state file \/nonexistent\/state could not be written \(.*ENOENT.*reload of HAProxy undoes/,
    ),
  ]);
  expect((await seen(balancer, 'b'))?.state).toBe('active');
});

test('of a pair, a change goes to both, and sessions are added up', async () => {
  const pair = [await start(), await start()];
  const balancer = openHaproxy(pair.map(({ socket }) => socket));
  const slow = pair.map((haproxy) => haproxy.get('/slow'));
  await until('two sessions', async () => (await seen(balancer, 'a'))?.sessions === 2);
  await switchToB(balancer);
  expect(await Promise.all(pair.map((haproxy) => adminState(haproxy, 'web-a')))).toEqual([8, 8]);
  expect(await seen(balancer, 'a')).toMatchObject({ state: 'drained', sessions: 2 });
  pair.forEach((haproxy) => haproxy.release());
  expect(await Promise.all(slow)).toEqual(['web-a', 'web-a']);
  await until('no session', async () => (await seen(balancer, 'a'))?.sessions === 0);
});

test('a pair that does not agree says so, and the next change mends it', async () => {
  const [one, other] = [await start(), await start()];
  const balancer = openHaproxy([one.socket, other.socket]);
  await other.ask('set server bk_web/web-b state ready');
  const host = await seen(balancer, 'b');
  expect(host?.state).toBe('unknown');
  expect(host?.reason).toBe(`the HAProxies do not agree: drained at ${one.socket}, active at ${other.socket}`);
  // What they do not agree on takes nobody's requests.
  expect(await failureOf(balancer.drain('web', 'a'))).toMatchObject({ code: 'balancer-refused' });
  await balancer.drain('web', 'b');
  expect(await statesOf(balancer)).toEqual(['active', 'drained']);
});

test('of a pair, the second one is asked to change as a part of what has begun', async () => {
  const pair = [await start(), await start()];
  const balancer = openHaproxy(pair.map(({ socket }) => socket));
  const asked: boolean[] = [];
  await balancer.enable('web', 'b', async (isBegun = false) => void asked.push(isBegun));
  expect(asked).toEqual([false, true]);
});

test('of a pair, one that is away stops a change before the other is changed', async () => {
  const [one, other] = [await start(), await start()];
  const balancer = openHaproxy([one.socket, other.socket]);
  await rm(other.socket);
  expect(await failureOf(balancer.enable('web', 'b'))).toMatchObject({ code: 'balancer-unavailable' });
  expect(await adminState(one, 'web-b')).toBe(5);
});

test('a server without weight gets no requests, so it is down', async () => {
  const haproxy = await start();
  const balancer = openHaproxy([haproxy.socket]);
  await haproxy.ask('set server bk_web/web-a weight 0');
  expect(await seen(balancer, 'a')).toMatchObject({ state: 'down', reason: 'its weight is 0' });
});

test('without checks there is nothing to wait for', async () => {
  const haproxy = await start();
  const balancer = openHaproxy([haproxy.socket], { backend: 'bk_plain' });
  expect(await seen(balancer, 'a')).toMatchObject({ state: 'active', passedCheck: null, sessions: 0 });
});

test('a socket that may not change anything is refused in the words of HAProxy', async () => {
  const haproxy = await start();
  const balancer = openHaproxy([haproxy.operatorSocket]);
  const failure = await failureOf(balancer.enable('web', 'b'));
  expect(failure).toMatchObject({ code: 'balancer-refused' });
  expect(failure?.message).toMatch(/operator\.sock, server web-b of backend bk_web, to ready: Permission denied/);
});

test('a backend that is not there is refused in the words of HAProxy', async () => {
  const haproxy = await start();
  const failure = await failureOf(openHaproxy([haproxy.socket]).observe('shop'));
  expect(failure).toMatchObject({ code: 'balancer-refused' });
  expect(failure?.message).toMatch(/admin\.sock, backend bk_shop: Can't find backend\./);
});
