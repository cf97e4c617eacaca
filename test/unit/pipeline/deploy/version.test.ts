import type { BoundPort } from '../../../../src/model/container.js';
import type { PublishedPort } from '../../../../src/model/parameters.js';
import type { Verify } from '../../../../src/model/run-file.js';
import { expectedVersion } from '../../../../src/pipeline/deploy/expected-version.js';
import { findVersion } from '../../../../src/pipeline/deploy/find-version.js';
import { verifiedPort, versionUrl } from '../../../../src/pipeline/deploy/version-url.js';
import { parameters } from '../../../support/deploy-stage.js';
import { failureOf } from '../../../support/failure-of.js';

const commit = '0123456789abcdef0123456789abcdef01234567';
const names = { tags: ['1.0.2-r1', '1.0.2-7-0123456'], commits: [commit, 'f'.repeat(40)], version: '1.0.2' };

test.each<[Verify['expect'], string, boolean]>([
  [undefined, '1.0.2-7-0123456', true],
  ['tag', '1.0.2-r1', true],
  ['tag', '1.0.2', true],
  ['tag', '1.0.2-r2', false],
  ['tag', '1.0.1', false],
  ['tag', '', false],
  ['commit', commit, true],
  ['commit', '0123456', true],
  ['commit', '0123456789ABCDEF', true],
  ['commit', 'fffffff', true],
  ['commit', '012345', false],
  ['commit', '1234567', false],
  ['commit', '', false],
  ['version', '1.0.2', true],
  ['version', '1.0.2-r1', false],
  ['OK', 'OK', true],
  ['OK', 'ok', false],
])('expect %p takes %p: %p', (expect_, answer, fits) => {
  expect(expectedVersion(expect_, names).fits(answer)).toBe(fits);
});

test('what is not known fits nothing, and is worded', () => {
  const nothing = { tags: [], commits: [], version: null };
  for (const expect_ of ['tag', 'commit', 'version'] as const) {
    const { text, fits } = expectedVersion(expect_, nothing);
    expect([text.length > 0, fits(text), fits('')]).toEqual([true, false, false]);
  }
});

const body = JSON.stringify({ version: ' 1.0 ', 'a/b': { '~': [{ n: 7 }] }, none: null, all: {} });
const headers = { 'x-version': ' 2.0 ', 'set-cookie': ['3.0', '4.0'] };

test.each<[string, Verify, string | null]>([
  ['the whole body, trimmed', {}, body],
  ['a member', { json: '/version' }, '1.0'],
  ['a number deep inside, with escapes', { json: '/a~1b/~0/0/n' }, '7'],
  ['no such member', { json: '/versions' }, null],
  ['what every list has', { json: '/a~1b/~0/length' }, null],
  ['nor what it inherits', { json: '/a~1b/~0/__proto__/length' }, null],
  ['null', { json: '/none' }, null],
  ['an object', { json: '/all' }, null],
  ['a header', { header: 'X-Version' }, '2.0'],
  ['the first of several', { header: 'Set-Cookie' }, '3.0'],
  ['no such header', { header: 'Version' }, null],
  ['a pattern', { body: 'regex:"version":" ([0-9.]+) "' }, '1.0'],
  ['a pattern that fits nothing', { body: 'regex:build ([0-9]+)' }, null],
])('found in an answer: %s', (_, verify, found) => {
  expect(findVersion({ status: 200, headers, body }, verify)).toBe(found);
});

test('nothing is found in what is no JSON', () => {
  expect(findVersion({ status: 200, headers: {}, body: '<html>' }, { json: '/version' })).toBeNull();
});

const port = (hostPort: number | null, containerPort: number, over: Partial<PublishedPort> = {}): PublishedPort => ({
  ...{ hostIp: '', hostPort, containerPort, protocol: 'tcp' },
  ...over,
});
const at = (address: string, publish: string | null = null) => ({ address, publish });
const bound: readonly BoundPort[] = [{ hostIp: '0.0.0.0', hostPort: 49_153, containerPort: 80, protocol: 'tcp' }];
const host = at('10.0.0.1');

test.each<[string, readonly PublishedPort[], Verify, ReturnType<typeof at>, string | null]>([
  ['the only port', [port(8080, 80)], {}, host, 'http://10.0.0.1:8080/'],
  ['the path', [port(8080, 80)], { path: '/v?a=1' }, host, 'http://10.0.0.1:8080/v?a=1'],
  ['the scheme', [port(8443, 443)], { scheme: 'https' }, host, 'https://10.0.0.1:8443/'],
  ['one of two ports', [port(1, 80), port(2, 81)], { port: 81 }, host, 'http://10.0.0.1:2/'],
  ['not a port of UDP', [port(1, 80, { protocol: 'udp' }), port(2, 81)], {}, host, 'http://10.0.0.1:2/'],
  ['the address that the host publishes on', [port(8080, 80)], {}, at('h', '10.0.0.9'), 'http://10.0.0.9:8080/'],
  ['unless that is every address', [port(8080, 80)], {}, at('h', '0.0.0.0'), 'http://h:8080/'],
  ['the address of the run file', [port(1, 80, { hostIp: '127.0.0.1' })], {}, at('h', 'i'), 'http://127.0.0.1:1/'],
  ['an address of IPv6', [port(8080, 80)], {}, at('fd00::1'), 'http://[fd00::1]:8080/'],
  ['the port that the engine chose', [port(null, 80)], {}, host, 'http://10.0.0.1:49153/'],
  ['no port yet', [port(null, 81)], {}, host, null],
])('a container is asked at: %s', (_, ports, verify, settings, url) => {
  const asked = versionUrl({ parameters: parameters({ ports }), verify, host: settings, bound });
  expect(asked?.href ?? null).toBe(url);
});

test('on the network of the host it is asked at its own port', () => {
  const asked = parameters({ ports: [], networkMode: 'host' });
  expect(versionUrl({ parameters: asked, verify: { port: 81 }, host, bound: [] })?.href).toBe('http://10.0.0.1:81/');
});

test.each<[string, readonly PublishedPort[], Verify]>([
  ['no port', [], {}],
  ['two ports', [port(1, 80), port(2, 81)], {}],
  ['a port that is not published', [port(1, 80)], { port: 81 }],
])('it cannot be asked with %s', async (_, ports, verify) => {
  const failure = await failureOf((async () => verifiedPort(parameters({ ports }), verify))());
  expect(failure?.code).toBe('run-file-invalid');
});
