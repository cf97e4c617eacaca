import fc from 'fast-check';
import type { JsonObject } from '../../../../src/docker/answer.js';
import type { NewContainer, Specification } from '../../../../src/hosts/contract.js';
import { createBody } from '../../../../src/hosts/specification/create-body.js';
import { readImageSettings } from '../../../../src/hosts/specification/image-settings.js';
import { readParameters } from '../../../../src/hosts/specification/read-parameters.js';
import type { Parameters } from '../../../../src/model/parameters.js';
import { diff } from '../../../../src/run-file/diff.js';
import { reading } from '../../run-file/reading.js';
import { fillIn, type ImageConfig } from '../../../support/engine-fill.js';
import { anyParameters, plainParameters } from '../../../support/random-parameters.js';

const image: ImageConfig = {
  Env: ['PATH=/bin:/usr/bin', 'LANG=C=D'],
  Cmd: ['serve'],
  Entrypoint: ['/entry'],
  User: 'app',
  WorkingDir: '/app',
  Labels: { 'org.example': 'image', 'dev.slipway.service': 'lied' },
  Volumes: { '/state': {} },
  StopSignal: 'SIGQUIT',
  // Longer times than any of the random ones.
  Healthcheck: { Test: ['CMD', '/check'], Interval: 4000e9, Timeout: 4000e9, Retries: 200 },
};
const id = '0123456789ab'.padEnd(64, 'c');
const every = { memory: true, swap: true, pids: true };

const containerOf = (parameters: Parameters, more: Partial<NewContainer> = {}): NewContainer => ({
  name: 'web.test.1',
  image: 'r/web@sha256:1',
  labels: { 'dev.slipway.service': 'web' },
  parameters,
  publish: null,
  restart: parameters.restart,
  takeOver: [],
  ...more,
});

/** As the engine shows it. */
const seen = (container: NewContainer, of = image): JsonObject => ({
  Id: id,
  ...fillIn(createBody(container), of, id),
});

const read = (what: JsonObject, wanted: Specification | null = null, limits = every, of = image): Parameters =>
  readParameters(what, { image: readImageSettings({ Config: of }), wanted, limits });

/** What comes back of one container, read as another is wanted. */
const readAs = (found: Parameters, wanted: Parameters, more: Partial<NewContainer> = {}): Parameters => {
  const container = containerOf(found, more);
  return read(seen(container), { parameters: wanted, publish: container.publish });
};

const without = (value: string): Parameters['environment'][string] => ({ value, secret: false, written: value });

describe('what a container was created from', () => {
  test('comes back, whatever it is', () => {
    fc.assert(
      fc.property(anyParameters, (parameters) => expect(read(seen(containerOf(parameters)))).toEqual(parameters)),
    );
  });

  test('comes back as it is wanted, with what the engine fills in', () => {
    fc.assert(fc.property(anyParameters, (parameters) => expect(readAs(parameters, parameters)).toEqual(parameters)));
  });

  test('differs from another container in the same fields as the two run files', () => {
    const fields = (from: Parameters, to: Parameters) => diff(from, to).map(({ field }) => field);
    fc.assert(
      fc.property(anyParameters, anyParameters, (found, wanted) => {
        // Options of a log's driver that are not wanted may be the engine's own.
        const same = { ...found, logging: wanted.logging, ulimits: wanted.ulimits, shmSize: wanted.shmSize };
        expect(fields(wanted, readAs(same, wanted))).toEqual(fields(wanted, same));
      }),
    );
  });
});

test.each<[string, Partial<Parameters>]>([
  ['an entrypoint like that of the image', { entrypoint: ['/entry'] }],
  ['an empty entrypoint', { entrypoint: [] }],
  ['an empty command', { command: [] }],
  ['an empty command with an entrypoint of its own', { entrypoint: ['/own'], command: [] }],
  ['a command like that of the image', { command: ['serve'] }],
  ['a user, a folder and a signal like those of the image', { user: 'app', workingDir: '/app', stopSignal: 'SIGQUIT' }],
  [
    'a variable and a label like those of the image',
    { environment: { LANG: without('C=D') }, labels: { 'org.example': 'image' } },
  ],
  ['a folder with a slash at its end', { workingDir: '/w/' }],
  ['a grace period of half seconds', { stopGracePeriod: 1500 }],
  ['no limit of processes', { pidsLimit: -1 }],
  ['the usual shared memory', { shmSize: 64 * 2 ** 20 }],
  ['labels off for a privileged container', { privileged: true, securityOpt: ['label=disable'] }],
  ["the host's network", { networkMode: 'host' }],
  ["a name in the host's network", { networkMode: 'host', hostname: 'web' }],
  ['a health check with the test of the image', { healthcheck: { ...healthy(), test: null, retries: 9 } }],
  [
    'a health check like that of the image',
    { healthcheck: { ...healthy(), test: ['CMD', '/check'], interval: 4000e9 } },
  ],
  ['an empty health check', { healthcheck: { ...healthy(), test: null } }],
  ['an external volume', { mounts: [{ kind: 'volume', source: 'v', target: '/v', readOnly: false, external: true }] }],
  [
    'a volume at a place of the image',
    { mounts: [{ kind: 'volume', source: 'v', target: '/state', readOnly: false, external: false }] },
  ],
  ['no limit of memory', { memory: 0, memorySwap: 0 }],
  ['swap without limit', { memorySwap: -1 }],
])('no difference: %s', (_what, changes) => {
  const parameters = { ...plainParameters, ...changes };
  expect(readAs(parameters, parameters)).toEqual(parameters);
});

function healthy() {
  return { disabled: false, interval: null, timeout: null, startPeriod: null, startInterval: null, retries: null };
}

test.each<[string, string, string]>([
  ['the order of keys', 'labels: { a: "1", b: "2" }\n    user: me', 'user: me\n    labels: { b: "2", a: "1" }'],
  ['two ways to write a size', 'mem_limit: 8g', 'mem_limit: 8GiB'],
  ['a list for a map', 'environment: [A=1, B=2]', 'environment: { B: "2", A: "1" }'],
  ['a port in its long form', 'ports: ["8080:80"]', 'ports: [{ target: 80, published: "8080", protocol: tcp }]'],
])('no difference: %s', (_what, one, other) => {
  const of = (text: string): Parameters => {
    const { result } = reading(`services:\n  web:\n    ${text}\n`);
    if (result === null) throw new Error('The run file has faults.');
    return result.parameters;
  };
  expect(diff(of(other), readAs(of(one), of(other)))).toEqual([]);
});

test('the address that the host publishes on reads as no address, and a written one as it is', () => {
  const at = (hostIp: string) => ({
    ...plainParameters,
    ports: [{ hostIp, hostPort: 8080, containerPort: 80, protocol: 'tcp' as const }],
  });
  expect(createBody(containerOf(at(''), { publish: '10.0.0.1' }))['HostConfig']).toMatchObject({
    PortBindings: { '80/tcp': [{ HostIp: '10.0.0.1', HostPort: '8080' }] },
  });
  expect(readAs(at(''), at(''), { publish: '10.0.0.1' })).toEqual(at(''));
  expect(readAs(at('10.0.0.1'), at('10.0.0.1'), { publish: '10.0.0.1' })).toEqual(at('10.0.0.1'));
  expect(readAs(at('10.0.0.2'), at(''), { publish: '10.0.0.1' })).toEqual(at('10.0.0.2'));
});

test('a secret stays one, also with another value', () => {
  const secret = { value: 's3', secret: true, written: '${PASSWORD}' };
  const wanted = { ...plainParameters, environment: { P: secret } };
  expect(readAs(wanted, wanted).environment).toEqual({ P: secret });
  const changed = { ...plainParameters, environment: { P: without('other') } };
  expect(readAs(changed, wanted).environment['P']).toMatchObject({ value: 'other', secret: true });
});

test('a volume that was taken over is no parameter, and is not mounted twice', () => {
  const takeOver = [{ volume: 'old', target: '/state' }];
  expect(createBody(containerOf(plainParameters, { takeOver }))['HostConfig']).toMatchObject({
    Mounts: [{ Type: 'volume', Source: 'old', Target: '/state' }],
  });
  expect(readAs(plainParameters, plainParameters, { takeOver })).toEqual(plainParameters);
  const mounts = [{ kind: 'volume' as const, source: 'v', target: '/state', readOnly: false, external: false }];
  const covered = createBody(containerOf({ ...plainParameters, mounts }, { takeOver }))['HostConfig'];
  expect(covered).toMatchObject({ Mounts: [{ Source: 'v' }] });
});

test('a limit that the host cannot enforce is no difference', () => {
  const wanted = { ...plainParameters, pidsLimit: 100 };
  const container = seen(containerOf(wanted));
  const dropped = {
    ...container,
    HostConfig: { ...(container['HostConfig'] as JsonObject), MemorySwap: -1, PidsLimit: null },
  };
  const specification = { parameters: wanted, publish: null };
  expect(read(dropped, specification, { memory: true, swap: false, pids: false })).toEqual(wanted);
  expect(diff(wanted, read(dropped, specification)).map(({ field }) => field)).toEqual(['memswap_limit', 'pids_limit']);
});

test('a start interval that an older engine does not know is no difference', () => {
  const wanted = {
    ...plainParameters,
    healthcheck: { ...healthy(), test: ['CMD', 'x'], startInterval: 1e9 },
  };
  const container = seen(containerOf(wanted));
  const config = container['Config'] as JsonObject;
  const { StartInterval: _unknown, ...older } = config['Healthcheck'] as JsonObject;
  const old = { ...container, Config: { ...config, Healthcheck: older } };
  expect(read(old, { parameters: wanted, publish: null })).toEqual(wanted);
});

test("a container of somebody's own can be read, with mounts in their older form", () => {
  const HostConfig = { Binds: ['/srv:/data:ro', 'named:/n'], NetworkMode: 'default', RestartPolicy: { Name: '' } };
  const parameters = read({ Id: id, Config: { Image: 'x', Hostname: id.slice(0, 12) }, HostConfig }, null, every, {});
  expect(parameters).toMatchObject({ networkMode: 'bridge', hostname: null, restart: { name: 'no' }, init: false });
  expect(parameters.mounts).toEqual([
    { kind: 'bind', source: '/srv', target: '/data', readOnly: true, external: false },
    { kind: 'volume', source: 'named', target: '/n', readOnly: false, external: false },
  ]);
});
