import { inspect } from 'node:util';
import { effectiveFile } from '../../../src/specification/effective-file.js';
import { specify } from '../../../src/specification/specify.js';
import { must } from '../../support/app.js';
import { digest, keptRunFile, specified, type Setting } from '../../support/effective.js';
import { inlineReading } from '../../support/reading.js';

const web = (lines: string): string => `services: {web: {${lines}}}\n`;

async function of(base: string | null, setting: Setting = {}, overlays: Readonly<Record<string, string>> = {}) {
  const { specification, faults, ...rest } = await specified(keptRunFile(base, overlays), setting);
  expect(faults).toEqual([]);
  return { ...rest, specification: must(specification) };
}

const faultsOf = async (base: string, setting: Setting = {}, overlays: Readonly<Record<string, string>> = {}) =>
  (await specified(keptRunFile(base, overlays), setting)).faults;

test('without a run file every parameter has its default', async () => {
  const { specification, warnings } = await of(null);
  const { image, parameters, origins, verify } = specification;
  expect(image).toBe(`registry.abc.net/web@${digest}`);
  expect(parameters).toMatchObject({
    memory: 8 * 1024 ** 3,
    memorySwap: 8 * 1024 ** 3,
    nanoCpus: 0,
    restart: { name: 'always' },
    init: true,
    stopGracePeriod: 10_000,
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
  });
  expect(new Set(Object.values(origins).map(({ kind }) => kind))).toEqual(new Set(['default']));
  expect([verify, warnings]).toEqual([null, []]);
});

test('the defaults of the environment win over the built-in ones, and the run file over both', async () => {
  const environment = 'defaults: { memory: 2GiB, cpus: 1.5, restart: no }';
  const { specification } = await of(web('mem_limit: 1g'), { environment });
  const { parameters, origins } = specification;
  expect([parameters.memory, parameters.nanoCpus, parameters.restart.name]).toEqual([1024 ** 3, 1.5e9, 'no']);
  expect([origins['mem_limit'], origins['cpus'], origins['init']]).toMatchObject([
    { kind: 'file', path: 'docker/compose.yaml', line: 1 },
    { kind: 'environment' },
    { kind: 'default' },
  ]);
});

test('the overlay of the environment alone is merged', async () => {
  const overlays = { staging: web('user: s, hostname: s'), production: web('user: p') };
  const { parameters, origins } = (await of(web('user: a, working_dir: /w'), {}, overlays)).specification;
  expect([parameters.user, parameters.workingDir, parameters.hostname]).toEqual(['p', '/w', null]);
  expect(origins['user']).toMatchObject({ path: 'docker/compose.production.yaml' });
});

test('variables of the service win over those of the environment', async () => {
  const setting = {
    environment: 'variables: { A: environment, B: environment }',
    deploy: 'variables: { production: { B: service, C: service } }',
  };
  const { parameters } = (await of(web('environment: [A, B, C]'), setting)).specification;
  expect(Object.values(parameters.environment).map(({ value }) => value)).toEqual([
    'environment',
    'service',
    'service',
  ]);
});

test.each<[string, Setting, readonly string[]]>([
  ['nothing', {}, ['privileged', 'capAdd', 'binds']],
  ['the environment', { environment: 'allow: { privileged: true, binds: [/srv] }' }, ['capAdd']],
  ['the service', { deploy: 'allow: { production: { capAdd: [NET_ADMIN] } }' }, ['privileged', 'binds']],
  [
    'both',
    { environment: 'allow: { privileged: true, binds: [/srv] }', deploy: 'allow: { production: { capAdd: [ALL] } }' },
    [],
  ],
])('what %s allows', async (_, setting, refused) => {
  const faults = await faultsOf(web('privileged: true, cap_add: [NET_ADMIN], volumes: ["/srv/data:/data"]'), setting);
  expect(faults.map(({ code, setting: helps }) => [code, helps])).toEqual(
    refused.map((key) => ['run-file-not-allowed', `environments.production.allow.${key}`]),
  );
});

test('the socket of an engine of the environment has to be allowed by its name', async () => {
  const setting = (binds: string) => ({ environment: `allow: { binds: [${binds}] }` });
  const file = web('volumes: ["/run/a.sock:/run/a.sock"]');
  expect(await faultsOf(file, setting('/run'))).toMatchObject([{ code: 'run-file-not-allowed' }]);
  expect(await faultsOf(file, setting('/run/a.sock'))).toEqual([]);
});

test('with a balancer each port needs one of the host', async () => {
  const balancer = 'balancer: { haproxy: { sockets: [/run/h.sock], backend: b, servers: { a: web-a } } }';
  expect(await faultsOf(web('ports: [8080]'))).toEqual([]);
  expect(await faultsOf(web('ports: [8080]'), { environment: balancer })).toMatchObject([{ code: 'run-file-invalid' }]);
});

describe('verify', () => {
  const verifyOf = async (file: string, configured: string) =>
    (await of(web(file), configured === '' ? {} : { deploy: `verify: ${configured}` })).specification.verify?.reveal();

  test.each([
    ['neither', 'user: a', '', undefined],
    ['the file alone', 'x-slipway: {verify: {path: /v, port: 80}}', '', { path: '/v', port: 80 }],
    ['the configuration alone', 'user: a', '{ path: /c }', { path: '/c' }],
    [
      'both',
      'x-slipway: {verify: {path: /v, port: 80, json: /a}}',
      '{ path: /c }',
      { path: '/c', port: 80, json: '/a' },
    ],
    ['two places', 'x-slipway: {verify: {path: /v, json: /a}}', '{ header: x }', { path: '/v', header: 'x' }],
  ])('of %s', async (_, file, configured, expected) => {
    expect(await verifyOf(file, configured)).toEqual(expected);
  });
});

describe('faults', () => {
  test('come all at once, each with its place and what would help', async () => {
    const base = 'services:\n  web:\n    build: .\n    privileged: true\n    environment: [MISSING]\n';
    const overlay = 'services:\n  web:\n    networks: [a]\n';
    const faults = await faultsOf(base, {}, { production: overlay });
    const [own, over] = ['docker/compose.yaml', 'docker/compose.production.yaml'];
    expect(faults.map(({ message: _, ...fault }) => fault)).toEqual([
      { code: 'run-file-invalid', file: own, line: 3, column: 5, setting: null },
      {
        code: 'run-file-not-allowed',
        file: own,
        line: 4,
        column: 17,
        setting: 'environments.production.allow.privileged',
      },
      {
        code: 'variable-missing',
        file: own,
        line: 5,
        column: 19,
        setting: 'environments.production.variables.MISSING',
      },
      { code: 'run-file-invalid', file: over, line: 3, column: 5, setting: null },
    ]);
  });

  test('of files that could not be read when the release was made are shown for those that count', async () => {
    const overlays = { production: 'fault: It leads nowhere.', staging: 'fault: Not this one.' };
    const fault = (file: string, message: string) => ({
      ...{ code: 'run-file-invalid', message, file, line: 1, column: 1, setting: null },
    });
    expect(await faultsOf('fault: It is too large.', {}, overlays)).toEqual([
      fault('docker/compose.yaml', 'It is too large.'),
      fault('docker/compose.production.yaml', 'It leads nowhere.'),
    ]);
  });

  test('a broken regular expression has its place', async () => {
    expect(await faultsOf(web('x-slipway: {verify: {body: "regex:a(b"}}'))).toMatchObject([
      { code: 'run-file-invalid', message: 'The regular expression of `body` is not valid.', line: 1, column: 45 },
    ]);
  });
});

test('a run file that the store has lost is an internal error', async () => {
  const { wanted } = await specified(keptRunFile(web('user: a')));
  const store = { releases: { texts: async () => null }, formerNames: { first: async (name: string) => name } };
  await expect(specify(wanted, { store, reading: inlineReading, registryHost: 'r' })).rejects.toMatchObject({
    code: 'internal',
  });
});

describe('the effective file', () => {
  const secret = 'pa55word';
  const setting: Setting = {
    environment: 'variables: { PASSWORD: "${PW}", URL: "db://u:${PW}@h", PLAIN: open }',
    deploy: 'verify: { path: /v, headers: { authorization: "Bearer ${PW}" } }',
    variables: { PW: secret },
  };
  const file = web('environment: {PASSWORD: , LONG: "a${URL}b", PLAIN: $PLAIN, COST: "$$PASSWORD"}, mem_limit: 1g');

  test('has everything written out, and secrets by the names of their variables', async () => {
    const { wanted, specification, warnings } = await of(file, setting);
    expect(effectiveFile(wanted, specification, warnings)).toBe(`# web, release 3 (main, aaaaaaaaaaaa), in production
# from docker/compose.yaml at aaaaaaaaaaaa
# secret variables: PASSWORD, URL
# \`verify.headers\` is secret; services.web.deploy.verify has it
services:
  web:
    image: "registry.abc.net/web@${digest}"
    environment:
      COST: "$$PASSWORD"
      LONG: "a\${URL}b"
      PASSWORD: "\${PASSWORD}"
      PLAIN: "open"
    init: true
    restart: "always"
    stop_grace_period: "10s"
    logging:
      driver: "json-file"
      options:
        max-file: "3"
        max-size: "10m"
    network_mode: "bridge"
    mem_limit: "1g"
    memswap_limit: "1g"
    x-slipway:
      verify:
        path: "/v"
`);
  });

  test('shows no secret, nor does what it is made of', async () => {
    const { wanted, specification, warnings } = await of(file, setting);
    const shown = [effectiveFile(wanted, specification, warnings), inspect(wanted, { depth: null, showHidden: true })];
    expect(specification.verify?.reveal().headers).toEqual({ authorization: `Bearer ${secret}` });
    for (const text of shown) expect(text).not.toContain(secret);
  });

  test('warnings are comments, each on one line', async () => {
    const { wanted, specification, warnings } = await of(`version: "3"\n${web('user: a')}`);
    const lines = effectiveFile(wanted, specification, [
      ...warnings,
      { message: 'a\nb: c', file: 'f', line: 1, column: 2 },
    ]).split('\n');
    expect(lines.slice(2, 5)).toEqual([
      '# warning: docker/compose.yaml:1:1: `version` has no effect; remove it.',
      '# warning: f:1:2: a\\nb: c',
      'services:',
    ]);
  });
});
