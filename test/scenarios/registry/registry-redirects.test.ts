/** Redirects are errors: nothing but the registry and its token server is asked, and nothing else sees a password. */
import type { Registry } from '../../../src/registry/contract.js';
import { createRegistry } from '../../../src/registry/registry.js';
import { Secret } from '../../../src/secret.js';
import { failureOf } from '../../support/failure-of.js';
import { keptLog } from '../../support/kept-log.js';
import { scriptedServer, type ScriptedAnswer, type ScriptedServer } from '../../support/scripted-server.js';
import { tinyImage } from '../../support/tiny-image.js';

const { manifest } = tinyImage('content');
let elsewhere: ScriptedServer;
let front: ScriptedServer;
let registry: Registry;
let answer: (request: { path: string; headers: { authorization?: string } }) => ScriptedAnswer;

beforeEach(async () => {
  elsewhere = await scriptedServer(() => ({ status: 200, body: '{"tags":["main"],"token":"stolen"}' }));
  front = await scriptedServer((request) => answer(request));
  registry = createRegistry({
    host: front.host,
    username: 'slipway',
    password: new Secret('geheim'),
    insecure: false,
    clock: { now: () => 0 },
    log: keptLog(),
  });
});

afterEach(() => Promise.all([front.close(), elsewhere.close()]));

const calls: readonly [string, () => Promise<unknown>][] = [
  ['ping', () => registry.ping()],
  ['manifest', () => registry.manifest('app', 'main')],
  ['config', () => registry.config('app', manifest.digest)],
  ['tags', () => registry.tags('app')],
  ['putTag', () => registry.putTag('app', 'main', manifest)],
];

describe.each([301, 302, 303, 307, 308])('a redirect with status %i', (status) => {
  test.each(calls)('that %s meets is an error that says where it points', async (_, call) => {
    answer = () => ({ status, headers: { location: `http://${elsewhere.host}/elsewhere` } });
    const error = await failureOf(call());
    expect(error).toMatchObject({ code: 'registry-error' });
    expect(error?.message).toContain(`redirects to ${elsewhere.host} (HTTP status ${status})`);
    expect(elsewhere.requests).toEqual([]);
  });
});

test('a redirect that comes after the password was given is an error too', async () => {
  answer = ({ headers }): ScriptedAnswer =>
    headers.authorization === undefined
      ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
      : { status: 307, headers: { location: `http://${elsewhere.host}/elsewhere` } };
  expect(await failureOf(registry.tags('app'))).toMatchObject({ code: 'registry-error' });
  expect(elsewhere.requests).toEqual([]);
});

test('a token server that redirects is an error, and the password stays', async () => {
  answer = ({ path }): ScriptedAnswer =>
    path.startsWith('/token')
      ? { status: 302, headers: { location: `http://${elsewhere.host}/token` } }
      : { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${front.host}/token"` } };
  const error = await failureOf(registry.tags('app'));
  expect(error).toMatchObject({ code: 'registry-error' });
  expect(error?.message).toContain(`redirects to ${elsewhere.host} (HTTP status 302)`);
  expect(elsewhere.requests).toEqual([]);
});

test.each<[string, Record<string, string>, (host: string) => string]>([
  ['to itself', { location: '/elsewhere' }, (host) => `redirects to ${host} `],
  ['without saying where', {}, () => 'redirects to nowhere '],
  ['to no address', { location: 'http://[' }, () => 'redirects to nowhere '],
])('a registry that redirects %s is not followed', async (_, headers, says) => {
  answer = () => ({ status: 301, headers });
  const error = await failureOf(registry.tags('app'));
  expect(error).toMatchObject({ code: 'registry-error' });
  expect(error?.message).toContain(says(front.host));
  expect(front.requests).toHaveLength(1);
});
