import { inspect } from 'node:util';
import { join } from 'node:path';
import { describeFaults } from '../../../src/config/describe.js';
import { loadConfig } from '../../../src/config/load.js';
import { configOf, faultsOf, least, loadText } from '../../support/write-config.js';

const withService = (settings: string) => `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
services: { web: ${settings} }
`;
const serviceOf = async (settings: string) => {
  const service = (await configOf(withService(settings))).services.get('web');
  if (service === undefined) throw new Error('no service');
  return service;
};

test('every default applies where only the required settings are given', async () => {
  const { loaded, folder } = await loadText(least);
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  const { services, github, ...rest } = loaded.config;
  expect(rest).toEqual({
    server: { host: '127.0.0.1', port: 8080, publicUrl: null, dataDir: join(folder, 'data'), instance: 'slipway' },
    database: 'embedded',
    access: { anonymousRead: false, metrics: 'open', tokens: [] },
    git: { shortcut: true },
    registry: { host: 'registry.abc.net', username: null, password: null, insecure: false, pull: null },
    engine: {
      host: 'unix:///var/run/docker.sock',
      tls: null,
      concurrency: 2,
      timeout: 1_800_000,
      frontends: ['docker/dockerfile', 'docker/dockerfile-upstream'],
    },
    dockerfiles: { kind: 'folder', path: join(folder, 'dockerfiles'), isDefault: true },
    sweep: 300_000,
    notices: [],
    mail: null,
    callbacks: { allowedHosts: [] },
    limits: { artifact: 512 * 1024 ** 2, log: 16 * 1024 ** 2, freeDisk: 5 * 1024 ** 3 },
    retention: {
      logs: 2_592_000_000,
      deliveries: 15_552_000_000,
      decisions: 15_552_000_000,
      artifacts: 604_800_000,
      deployments: 31_536_000_000,
      audit: 31_536_000_000,
    },
    environments: new Map(),
  });
  expect(github).toMatchObject({
    cloneUrl: 'https://github.com/{repository}.git',
    token: null,
    apiUrl: 'https://api.github.com',
    ...{ app: null, statuses: null, pullRequests: true },
  });
  expect(github.webhookSecrets.map((secret) => secret.reveal())).toEqual(['hook']);
  expect([...services.keys()]).toEqual(['web']);
});

test('every default of a service applies', async () => {
  const { branches, settingsFingerprint, ...service } = await serviceOf('{ repository: abc/web }');
  expect(branches.map(({ text }) => text)).toEqual(['main', 'master', 'release/*']);
  expect(settingsFingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(service).toEqual({
    name: 'web',
    repository: 'abc/web',
    path: '',
    literalBranches: ['main', 'master'],
    gitTags: [],
    regions: { included: [], excluded: [] },
    autoRegions: false,
    regionSettings: { included: null, excluded: null },
    context: '',
    dockerfile: null,
    target: null,
    buildArgs: {},
    secrets: {},
    version: null,
    versionPattern: null,
    branchTag: true,
    extraTags: {},
    trigger: 'push',
    artifact: null,
    image: 'web',
    builds: 'latest',
    reuse: true,
    cascade: true,
    deploy: null,
  });
});

test('a folder gives the default regions and the default context', async () => {
  const service = await serviceOf('{ repository: abc/shop, path: ./services/web/ }');
  expect(service).toMatchObject({ path: 'services/web', context: 'services/web', autoRegions: false });
  expect(service.regions.included.map(({ text }) => text)).toEqual(['services/web/**']);
  expect(service.regions.included[0]?.matches('services/web/a')).toBe(true);
});

test.each([
  ['includedRegions: auto', { autoRegions: true, regions: { included: [], excluded: [] } }],
  ['includedRegions: []', { autoRegions: false, regions: { included: [], excluded: [] } }],
  [
    'branchTag: false, extraTags: { main: [latest, stable] }',
    { branchTag: false, extraTags: { main: ['latest', 'stable'] } },
  ],
  [
    'version: { pattern: "v\\\\d+" }',
    { version: null, versionPattern: expect.objectContaining({ text: expect.stringContaining('d+') }) },
  ],
  ['reuse: 7d', { reuse: 604_800_000 }],
  ['reuse: false', { reuse: false }],
  ['context: ., dockerfile: ./a/../docker/Dockerfile', { context: '', dockerfile: 'docker/Dockerfile' }],
  ['version: { value: 1.10 }', { version: { value: '1.10' } }],
  ['version: { file: pom.xml }', { version: { file: 'pom.xml' } }],
  [
    'buildArgs: { A: 17, B: 1.10, C: true, D: "x", E: "" }',
    { buildArgs: { A: '17', B: '1.10', C: 'true', D: 'x', E: '' } },
  ],
  ['trigger: artifact, artifact: target/app.jar', { trigger: 'artifact', artifact: 'target/app.jar' }],
  ['branches: ["release/*", dev, "regex:x"]', { literalBranches: ['dev'] }],
])('a service with %s', async (settings, expected) => {
  expect(await serviceOf(`{ repository: abc/web, path: x, ${settings} }`)).toMatchObject(expected);
});

test('defaults lie under every service, build arguments one by one', async () => {
  const config = await configOf(`
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
defaults: { repository: abc/shop, branches: [dev], buildArgs: { A: 1, B: 1 }, builds: every-push }
services:
  a: { path: a, buildArgs: { B: 2 } }
  b: { path: b, branches: [main], builds: latest }
  c:
`);
  expect(config.services.get('a')).toMatchObject({
    repository: 'abc/shop',
    literalBranches: ['dev'],
    buildArgs: { A: '1', B: '2' },
    builds: 'every-push',
  });
  expect(config.services.get('b')).toMatchObject({ literalBranches: ['main'], builds: 'latest' });
  expect(config.services.get('c')).toMatchObject({ path: '', image: 'c' });
});

test.each([
  'path: x',
  'context: x',
  'dockerfile: x',
  'target: x',
  'buildArgs: { A: x }',
  'secrets: { x: y }',
  'version: { value: x }',
  'artifact: x',
  'image: x',
])('the settings fingerprint changes with %s', async (setting) => {
  const plain = await serviceOf('{ repository: abc/web }');
  const changed = await serviceOf(`{ repository: abc/web, ${setting} }`);
  expect(changed.settingsFingerprint).not.toBe(plain.settingsFingerprint);
});

test('a new value of a secret leaves the settings fingerprint as it is', async () => {
  const one = await serviceOf('{ repository: abc/web, secrets: { a: old, b: x } }');
  const other = await serviceOf('{ repository: abc/web, secrets: { b: x, a: new } }');
  expect(other.settingsFingerprint).toBe(one.settingsFingerprint);
});

test('secrets are taken from variables, merged with those of the defaults one by one, and never shown', async () => {
  const text = least
    .replace('abc/web', 'abc/web, secrets: { npmrc: "${NPM_TOKEN}", pin: 0123456789 }')
    .concat('defaults: { secrets: { npmrc: of-all, .net_rc-2: of-all } }');
  const service = (await configOf(text, { NPM_TOKEN: 'top: "secret"' })).services.get('web');
  const revealed = Object.entries(service?.secrets ?? {}).map(([id, secret]) => [id, secret.reveal()]);
  expect(Object.fromEntries(revealed)).toEqual({
    npmrc: 'top: "secret"',
    '.net_rc-2': 'of-all',
    pin: '0123456789',
  });
  expect(JSON.stringify(service) + inspect(service, { depth: null })).not.toMatch(/top|of-all|0123456789/);
});

test('a setting without a value hides nothing that is merged, and an empty merge merges nothing', async () => {
  const text = least.replace(
    'web: { repository: abc/web }',
    'web: &web { repository: abc/web, target: x }, b: { <<: *web, target: }, c: { <<: , repository: abc/c }',
  );
  const { services } = await configOf(text);
  expect([...services.values()].map(({ name, target }) => [name, target])).toEqual([
    ['web', 'x'],
    ['b', 'x'],
    ['c', null],
  ]);
});

test('a service may be called secrets', async () => {
  const text = least.replace('web: { repository: abc/web }', 'secrets: { repository: abc/web, target: }');
  expect((await configOf(text)).services.get('secrets')).toMatchObject({ target: null, secrets: {} });
});

test('the settings fingerprint depends neither on the order nor on what does not shape the image', async () => {
  const one = await serviceOf('{ repository: abc/web, target: x, buildArgs: { A: 1, B: 2 } }');
  const other = await serviceOf(
    '{ buildArgs: { B: "2", A: "1" }, branches: [dev], reuse: false, target: x, repository: abc/web }',
  );
  expect(other.settingsFingerprint).toBe(one.settingsFingerprint);
});

test.each([
  [
    'server: { listen: "[::1]:0", publicUrl: "https://a.b/c/" }',
    { server: { host: '::1', port: 0, publicUrl: 'https://a.b/c' } },
  ],
  ['sweep: off', { sweep: null }],
  ['sweep: false', { sweep: null }],
  ['sweep: 90s', { sweep: 90_000 }],
  [
    'retention: { logs: 1d, deliveries: 2d }',
    { retention: { logs: 86_400_000, deliveries: 172_800_000, decisions: 15_552_000_000 } },
  ],
  ['limits: { artifact: 1GB, log: 1KiB, freeDisk: 0 }', { limits: { artifact: 1e9, log: 1024, freeDisk: 0 } }],
  [
    'dockerfiles: { repository: abc/dockerfiles }',
    { dockerfiles: { kind: 'repository', repository: 'abc/dockerfiles', branch: null } },
  ],
  ['dockerfiles: { path: ./dockerfiles }', { dockerfiles: { kind: 'folder', isDefault: true } }],
  ['access:', { access: { tokens: [] } }],
  ['access: { tokens: }', { access: { tokens: [] } }],
  [
    'engine: { host: "tcp://engine:2376", concurrency: 4, timeout: 1h }',
    { engine: { host: 'tcp://engine:2376', tls: null, concurrency: 4, timeout: 3_600_000 } },
  ],
  ['engine: { frontends: [] }', { engine: { frontends: [] } }],
  [
    'engine: { frontends: [x, a/b, docker.io/a/b, "localhost:5000/x", r.abc.net/x] }',
    { engine: { frontends: ['x', 'a/b', 'docker.io/a/b', 'localhost:5000/x', 'r.abc.net/x'] } },
  ],
])('%s', async (text, expected) => {
  expect(await configOf(`${least}\n${text}\n`)).toMatchObject(expected);
});

test('certificates of the engine are read when the configuration is', async () => {
  const text = `${least}\nengine: { host: "tcp://engine:2376", tls: { ca: ca.pem, cert: cert.pem, key: key.pem } }`;
  const { engine } = await configOf(text, {}, { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' });
  expect(engine.tls).toMatchObject({ ca: 'CA', cert: 'CERT' });
  expect(engine.tls?.key?.reveal()).toBe('KEY');
  expect(await faultsOf(text, {}, { 'ca.pem': 'CA', 'cert.pem': 'CERT' })).toEqual([
    'engine.tls.key: the file cannot be read (ENOENT)',
  ]);
});

test.each([
  ['a variable', { TOKEN: 'abc' }, 'abc'],
  ['the file that the variable of the same name with _FILE names', { TOKEN_FILE: 'token' }, 'from file'],
  ['the variable rather than the file', { TOKEN: 'abc', TOKEN_FILE: 'token' }, 'abc'],
  ['a value that looks like a variable is left alone', { TOKEN: '${OTHER}' }, '${OTHER}'],
] as const)('a secret comes from %s', async (_fact, environment, expected) => {
  const text = `${least}\naccess: { tokens: [{ name: a, token: "\${TOKEN}", scopes: [read] }] }`;
  const config = await configOf(text, environment, { token: 'from file\n' });
  expect(config.access.tokens[0]?.token.reveal()).toBe(expected);
});

test('$${ stands for the characters themselves, and comments are not searched for variables', async () => {
  const config = await configOf(
    `${least}\n# \${UNSET}\naccess: { tokens: [{ name: a, token: "x$\${A}y\${B}", scopes: [read] }] }`,
    { B: 'z' },
  );
  expect(config.access.tokens[0]?.token.reveal()).toBe('x${A}yz');
});

test('secrets show in no printing of the configuration', async () => {
  const config = await configOf(
    `github: { webhookSecrets: [s3cret-1], token: s3cret-2 }
registry: { host: registry.abc.net, username: u, password: s3cret-3 }
access: { tokens: [{ name: a, token: s3cret-4, scopes: [read] }] }
services: {}`,
  );
  expect(JSON.stringify(config) + inspect(config, { depth: null })).not.toContain('s3cret');
});

test('the sample loads', async () => {
  const environment = Object.fromEntries(
    ['SLIPWAY_JENKINS_TOKEN', 'SLIPWAY_OPS_TOKEN', 'GITHUB_WEBHOOK_SECRET', 'GITHUB_TOKEN', 'REGISTRY_PASSWORD'].map(
      (name) => [name, name],
    ),
  );
  const loaded = await loadConfig('config/slipway.yaml', environment);
  expect(loaded.ok ? [...loaded.config.services.keys()] : describeFaults(loaded.faults)).toEqual([
    'java-service-1',
    'web',
  ]);
});

test('a file that is not there is a fault', async () => {
  const loaded = await loadConfig('/nowhere/slipway.yaml', {});
  expect(loaded.ok ? '' : describeFaults(loaded.faults)).toBe('(file): the file cannot be read (ENOENT)');
});
