/** An admin socket that does not do what HAProxy does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Balancer } from '../../../src/balancer/contract.js';
import { scriptedSocket, twoServers, type Script, type ScriptedSocket } from '../../support/admin-socket.js';
import { failureOf } from '../../support/failure-of.js';
import { openHaproxy } from '../../support/open-haproxy.js';

let folder: string;
let server: ScriptedSocket | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-admin-'));
  server = null;
});

afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function balancerThat(script: Script): Promise<Balancer> {
  const path = join(folder, 'admin.sock');
  server = await scriptedSocket(path, script);
  return openHaproxy([path], {}, { timeoutMs: 300 });
}

/** Answers questions, and changes with this. */
const toChanges =
  (answer: string): Script =>
  (line) =>
    line.startsWith('show') ? twoServers : answer;

test('what is scripted is read', async () => {
  const hosts = await (await balancerThat(() => twoServers)).observe('web');
  expect(hosts.get('a')).toEqual({ state: 'active', sessions: 2, passedCheck: null, reason: null });
  expect(hosts.get('b')).toEqual({ state: 'drained', sessions: 0, passedCheck: null, reason: null });
  expect(server?.lines).toEqual(['show servers state bk_web; show stat bk_web 4 -1']);
});

const passing = { code: 'balancer-unavailable', retryable: true };

test.each<[string, Script, RegExp]>([
  ['hangs up without an answer', () => '', /hung up without an answer/],
  ['hangs up in the middle', () => twoServers.slice(0, 150), /hung up in the middle/],
  ['hangs up between the lines', () => twoServers.slice(0, -1), /hung up in the middle/],
  ['breaks off', (_, socket) => (socket.destroy(), null), /hung up without an answer/],
  ['says nothing', () => null, /no answer in 0.3 s/],
  ['is something else', () => 'HTTP/1.1 400 Bad Request\r\n\r\n\n\n', /not an answer of HAProxy: HTTP/],
  ['has no number where one is', () => twoServers.replace(' 2 0 1 0', ' up 0 1 0'), /not an answer of HAProxy/],
  ['lacks a column', () => twoServers.replace('srv_admin_state', 'x'), /not an answer of HAProxy/],
  ['does not end', (_, socket) => (socket.write('x'.repeat(5 * 2 ** 20)), null), /more than 4 MiB/],
])('it %s', async (_, script, words) => {
  const failure = await failureOf((await balancerThat(script)).observe('web'));
  expect(failure).toMatchObject(passing);
  expect(failure?.message).toMatch(words);
  expect(failure?.message).toContain(join(folder, 'admin.sock'));
});

test.each<[string, string, RegExp]>([
  ['hangs up', '', /hung up without an answer/],
  ['says half a word', 'No such', /hung up in the middle/],
  ['says what nobody can read', '\u0000\u0001\n\n', /not an answer of HAProxy/],
])('it %s to a change', async (_, answer, words) => {
  const failure = await failureOf((await balancerThat(toChanges(answer))).enable('web', 'b'));
  expect(failure).toMatchObject(passing);
  expect(failure?.message).toMatch(words);
});

test.each(['No such server.', 'No such backend.', 'Permission denied', 'Something new that it does not want.'])(
  'to a change it says: %s',
  async (words) => {
    const failure = await failureOf((await balancerThat(toChanges(`${words}\n\n`))).enable('web', 'b'));
    expect(failure).toMatchObject({ code: 'balancer-refused', blame: 'balancer', retryable: false });
    expect(failure?.message).toContain(words);
    expect(failure?.message).toMatch(/admin\.sock, server web-b of backend bk_web, to ready/);
  },
);

test('a server that it does not have is named before anything is changed', async () => {
  const balancer = await balancerThat(() => twoServers.replaceAll('web-b', 'web-c'));
  const failure = await failureOf(balancer.enable('web', 'a'));
  expect(failure).toMatchObject({ code: 'balancer-refused' });
  expect(failure?.message).toMatch(/admin\.sock, server web-b of backend bk_web: No such server\./);
  expect(server?.lines.filter((line) => line.startsWith('set'))).toEqual([]);
});

test('a server that stays in maintenance is refused', async () => {
  const failure = await failureOf((await balancerThat(toChanges('\n'))).enable('web', 'b'));
  expect(failure).toMatchObject({ code: 'balancer-refused' });
  expect(failure?.message).toMatch(/web-b stays in maintenance/);
});
