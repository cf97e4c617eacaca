/** An engine over TCP, with certificates and without. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../scripts/parts.mjs';
import type { EngineTls } from '../../../src/docker/connection.js';
import { clientTls, createAuthority } from '../../support/certificates.js';
import { readContainer } from '../../../src/cli/read-container.js';
import { failureOf } from '../../support/failure-of.js';
import { hostAddress, hostAt, hostImage, startHostEngines, type HostEngines } from '../../support/host-engines.js';
import { plainParameters } from '../../support/random-parameters.js';

let hosts: HostEngines;
let folder: string;
let address: string;
let plainAddress: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-tls-'));
  const authority = await createAuthority(folder);
  await authority.sign('server', hostAddress(1));
  await authority.sign('client');
  const [port, plain] = [await freePort(), await freePort()];
  address = `tcp://${hostAddress(1)}:${port}`;
  plainAddress = `tcp://${hostAddress(1)}:${plain}`;
  const file = (name: string) => join(folder, name);
  const tls = [
    '--tlsverify',
    '--tlscacert',
    file('ca.pem'),
    '--tlscert',
    file('server.pem'),
    '--tlskey',
    file('server.key'),
  ];
  hosts = await startHostEngines(1, { more: () => ['--host', address, ...tls] });
}, 60_000);

afterAll(async () => {
  await hosts?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const ping = (tls: EngineTls | null, at = address) => failureOf(hostAt(at, 'a', { tls }).ping());

test('a client with a certificate is answered', async () => {
  const host = hostAt(address, 'a', { tls: await clientTls(folder, 'client') });
  expect((await host.info()).engineVersion).toMatch(/^\d+\./);
});

test('a run file is written from a container there', async () => {
  const { host } = hosts.engines[0] ?? {};
  const { restart } = plainParameters;
  const given = { name: 'old', image: hostImage, labels: {}, parameters: plainParameters, publish: null, restart };
  await host?.containers.create({ ...given, takeOver: [] });
  const file = (name: string) => join(folder, name);
  const own = { ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') };
  expect(await readContainer('old', address, own)).toMatch(/^# from the container old/);
  const without = await failureOf(readContainer('old', address, { ...own, cert: undefined, key: undefined }));
  expect(without).toMatchObject({ code: 'host-unreachable' });
});

test('a client without one is not, and learns why', async () => {
  const failure = await ping(await clientTls(folder, null));
  expect(failure).toMatchObject({ code: 'host-unreachable' });
  expect(failure?.message).toMatch(/certificate/i);
});

test('an engine that another authority signed is not talked to', async () => {
  const other = await mkdtemp(join(tmpdir(), 'slipway-tls-'));
  const authority = await createAuthority(other);
  await authority.sign('client');
  const failure = await ping(await clientTls(other, 'client'));
  expect(failure).toMatchObject({ code: 'host-unreachable' });
  expect(failure?.message).toMatch(/self-signed|unable to verify|signature/i);
  await rm(other, { recursive: true });
});

test('a port where nobody listens is unreachable', async () => {
  const failure = await ping(null, plainAddress);
  expect(failure).toMatchObject({ code: 'host-unreachable' });
  expect(failure?.message).toContain('ECONNREFUSED');
});
