/** `slipway doctor` with a configuration: each check well, worth a note, and at fault with its remedy. */
import { generateKeyPairSync } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../../../src/cli/doctor/check.js';
import { addressCheck, checkWebhook } from '../../../src/cli/doctor/web-checks.js';
import { commandLine } from '../../support/command-line.js';
import { createRepo } from '../../support/git.js';
import { scriptedServer, type ScriptedAnswer, type ScriptedServer } from '../../support/scripted-server.js';
import { configOf, least } from '../../support/write-config.js';

let folder = '';
let neighbours: ScriptedServer;
/** What engine, registry, GitHub and the server itself answer, by method and path. They are one server here. */
let answers: Record<string, ScriptedAnswer>;
const json = (body: object, headers = {}): ScriptedAnswer => ({ status: 200, body: JSON.stringify(body), headers });
const well = (): Record<string, ScriptedAnswer> => ({
  'GET /_ping': { status: 200, body: 'OK' },
  'GET /version': json({ Version: '28.5.2', ApiVersion: '1.51' }),
  'GET /v2/': { status: 200 },
  'POST /v2/web/blobs/uploads/': { status: 202, headers: { location: '/v2/web/blobs/uploads/1' } },
  'DELETE /v2/web/blobs/uploads/1': { status: 204 },
  'GET /healthz': json({ status: 'ok', version: '0.1.0' }),
  'GET /rate_limit': json({ rate: { limit: 5000, remaining: 4990 } }),
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-doctor-test-'));
  const repo = await createRepo({ root: join(folder, 'git') }, 'abc/web');
  await repo.commit({ files: { Dockerfile: 'FROM scratch' } });
  answers = well();
  neighbours = await scriptedServer(
    ({ method, path }) => answers[`${method} ${path.replace(/^\/v1\.\d+/, '')}`] ?? { status: 404 },
  );
});
afterEach(async () => {
  await neighbours.close();
  await rm(folder, { recursive: true, force: true });
});

interface Settings {
  readonly server?: object;
  readonly github?: object;
  readonly registry?: object;
  readonly engine?: object;
  readonly web?: object;
  readonly [further: string]: object | undefined;
}

/** Writes a configuration whose neighbours are all well, except for these settings. */
async function write({ server, github, registry, engine, web, ...further }: Settings = {}): Promise<string> {
  const { host } = neighbours;
  const config = {
    server: { publicUrl: `http://${host}`, dataDir: './data', ...server },
    github: {
      webhookSecrets: ['hook'],
      token: 'token',
      apiUrl: `http://${host}`,
      cloneUrl: `file://${folder}/git/{repository}.git`,
      ...github,
    },
    registry: { host, ...registry },
    engine: { host: `tcp://${host}`, ...engine },
    limits: { freeDisk: '1MiB' },
    services: { web: { repository: 'abc/web', ...web } },
    ...further,
  };
  const file = join(folder, 'slipway.yaml');
  await writeFile(file, JSON.stringify(config));
  return file;
}

const doctor = async (settings?: Settings, ...words: string[]) =>
  commandLine(['doctor', '--config', await write(settings), ...words]);

/** One check of a configuration with these settings, with the exit code. */
async function check(name: string, settings?: Settings) {
  const { code, stdout } = await doctor(settings, '--json');
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  return { code, ...checks.find((one) => one.name === name) };
}

test('a machine with all that is needed: one line for each check, and nothing left behind', async () => {
  const { code, stdout, stderr } = await doctor();
  const found = stdout
    .replaceAll(neighbours.host, 'HOST')
    .replaceAll(folder, 'FOLDER')
    .replaceAll(/\d+\.\d GiB/g, 'N GiB')
    .replace(/\d seconds/, 'N seconds');
  expect(found).toBe(
    [
      '✓ well           configuration  FOLDER/slipway.yaml: 1 service, no faults',
      '✓ well           engine         reached, version 28.5.2',
      '✓ well           registry       reached',
      '✓ well           push           may be pushed (1 image)',
      '✓ well           git            reached (1 repository)',
      '✓ well           github         takes the token, 4990 of 5000 calls left',
      '△ worth knowing  webhook        127.0.0.1 is 127.0.0.1 here, which GitHub cannot reach from outside.',
      '                                → Give the server a public address, or leave it to the sweep.',
      '✓ well           clock          N seconds from that of HOST',
      '✓ well           disk           N GiB of N GiB free, limits.freeDisk is N GiB',
      '✓ well           data           FOLDER/data is not there yet; the first start makes it',
      '',
    ].join('\n'),
  );
  expect([code, stderr]).toEqual([0, '']);
  await expect(access(join(folder, 'data'))).rejects.toThrow();
  expect(neighbours.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    expect.arrayContaining(['POST /v2/web/blobs/uploads/', 'DELETE /v2/web/blobs/uploads/1']),
  );
  expect(neighbours.requests.find(({ path }) => path === '/rate_limit')?.headers.authorization).toBe('Bearer token');
});

test('a configuration with faults is the only thing that is looked at', async () => {
  const { code, stdout } = await doctor({ web: { path: '../x', branch: 'main' } }, '--json');
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  expect([code, checks]).toEqual([
    1,
    [
      {
        name: 'configuration',
        state: 'fault',
        message: expect.stringMatching(/^services\.web\.path: must be a folder.*; services\.web\.branch: is unknown/),
        remedy: expect.stringContaining('names every fault'),
      },
    ],
  ]);
  expect(neighbours.requests).toEqual([]);
  expect(await commandLine(['doctor', '--config', join(folder, 'none.yaml')])).toMatchObject({ code: 1 });
});

test.each<[name: string, settings: Settings, message: RegExp, remedy: string]>([
  ['engine', { engine: { host: 'unix:///nowhere.sock' } }, /^cannot be reached: .*nowhere\.sock/, 'Start the Docker'],
  ['registry', { registry: { host: '127.0.0.1:1' } }, /^cannot be reached: 127\.0\.0\.1:1/, 'Check that the registry'],
  [
    'git',
    { web: { repository: 'abc/gone' } },
    /^cannot be reached: 1 of 1 repository: abc\/gone/,
    'Check that the git',
  ],
  [
    'webhook',
    { server: { publicUrl: 'http://127.0.0.1:65533' } },
    /healthz does not answer: ECONNREFUSED/,
    'Start the server',
  ],
  ['github', { github: { apiUrl: 'http://127.0.0.1:65533' } }, /does not answer: ECONNREFUSED/, 'Check github.apiUrl'],
  [
    'github',
    { github: { app: { id: 1, privateKey: 'no key' } } },
    /^the App does not sign in to abc\/web: github\.app\.privateKey cannot be used: /,
    'install the App',
  ],
  ['disk', { limits: { freeDisk: '900TiB' } }, /free, limits\.freeDisk is 921600\.0 GiB$/, 'Free space'],
  ['data', { server: { dataDir: './slipway.yaml' } }, /slipway\.yaml is no folder/, 'Choose another server.dataDir'],
  ['data', { server: { dataDir: './slipway.yaml/x' } }, /cannot be looked at: ENOTDIR/, 'Let this user reach'],
  [
    'hosts',
    { environments: { staging: { hosts: { a: { engine: 'unix:///nowhere.sock', address: 'h' } } } } },
    /^cannot be reached: 1 of 1 host: staging\/a: /,
    'Check the hosts',
  ],
])('%s at fault', async (name, settings, message, remedy) => {
  expect(await check(name, settings)).toEqual({
    ...{ code: 1, name, state: 'fault' },
    message: expect.stringMatching(message),
    remedy: expect.stringContaining(remedy),
  });
});

const shifted = (seconds: number) => ({ date: new Date(Date.now() + seconds * 1000).toUTCString() });
const denied = JSON.stringify({ errors: [{ code: 'DENIED', message: 'read only' }] });

test.each<[name: string, its: () => Record<string, ScriptedAnswer>, state: string, message: RegExp]>([
  ['registry', () => ({ 'GET /v2/': { status: 401 } }), 'fault', /status 401/],
  ['push', () => ({ 'POST /v2/web/blobs/uploads/': { status: 403, body: denied } }), 'fault', /DENIED: read only/],
  ['github', () => ({ 'GET /rate_limit': { status: 401 } }), 'fault', /refuses github\.token/],
  ['github', () => ({ 'GET /rate_limit': { status: 404 } }), 'fault', /answers with status 404/],
  ['webhook', () => ({ 'GET /healthz': { status: 404, body: '<h1>' } }), 'fault', /status 404, and not as Slipway/],
  ['webhook', () => ({ 'GET /healthz': { status: 200, body: '{}' } }), 'fault', /status 200, and not as Slipway/],
  ['clock', () => ({ 'GET /rate_limit': json({}, shifted(90)) }), 'note', /^(?:89|9\d) seconds from that of/],
  ['clock', () => ({ 'GET /rate_limit': json({}, shifted(-900)) }), 'fault', /^9\d\d seconds from that of/],
])('%s, where its neighbour answers otherwise', async (name, its, state, message) => {
  answers = { ...well(), ...its() };
  const found = await check(name);
  expect(found).toMatchObject({ code: state === 'fault' ? 1 : 0, state, message: expect.stringMatching(message) });
  expect(found.remedy).not.toBeNull();
});

test('a GitHub App is tried at the first repository', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const github = { app: { id: 1, privateKey }, token: '' };
  const token = { token: 'ghs_x', expires_at: new Date(Date.now() + 3_600_000).toISOString() };
  answers = {
    ...well(),
    'GET /repos/abc/web/installation': json({ id: 7 }),
    'POST /app/installations/7/access_tokens': { status: 201, body: JSON.stringify(token) },
  };
  expect(await check('github', { github })).toMatchObject({ state: 'ok', message: 'the App signs in to abc/web' });
  answers = { ...well(), 'GET /repos/abc/web/installation': { status: 404 } };
  expect(await check('github', { github })).toMatchObject({
    state: 'fault',
    message: expect.stringContaining('status 404'),
  });
});

test('without a token GitHub is not asked, and the registry has the time', async () => {
  answers = { ...well(), 'GET /v2/': { status: 200, headers: shifted(400) } };
  const { code, stdout } = await doctor({ github: { token: '', apiUrl: 'http://127.0.0.1:1' } }, '--json').then(
    (said) => said,
  );
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  expect(code).toBe(1);
  expect(checks.find(({ name }) => name === 'github')).toMatchObject({ state: 'note' });
  expect(checks.find(({ name }) => name === 'clock')).toMatchObject({
    state: 'fault',
    message: expect.stringContaining(`from that of ${neighbours.host}`),
  });
});

test('a data directory that others can read, and branches that are missing, are notes', async () => {
  await mkdir(join(folder, 'data'));
  await chmod(join(folder, 'data'), 0o755);
  const data = await check('data', { web: { branches: ['mian'] } });
  expect(data).toMatchObject({ state: 'note', remedy: `chmod 700 ${folder}/data` });
  expect(data.message).toContain('has the mode 0755');
  expect(await check('git', { web: { branches: ['mian'] } })).toMatchObject({
    state: 'note',
    message: expect.stringContaining('services.web.branches[0]: abc/web has no branch "mian"'),
  });
});

test('the address of the webhook', async () => {
  const none = await checkWebhook(await configOf(least));
  expect([none.state, none.message]).toEqual(['note', expect.stringContaining('server.publicUrl is not set')]);
  const plain = addressCheck('http://images.abc.net', null);
  expect([plain.state, plain.message]).toEqual(['note', expect.stringContaining('is not https')]);
  expect(addressCheck('https://images.abc.net', '10.0.0.5').message).toContain('images.abc.net is 10.0.0.5 here');
  expect(addressCheck('https://images.abc.net', null).state).toBe('ok');
});

test('the file of this folder is taken, unless a server is named', async () => {
  const [file, before] = [await write(), process.cwd()];
  process.chdir(folder);
  try {
    const { code, stdout } = await commandLine(['doctor', '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { config: 'slipway.yaml' }]);
    const server = await commandLine(['doctor', '--server', 'http://127.0.0.1:1']);
    expect(server).toMatchObject({ code: 4, stdout: '' });
    expect(await commandLine(['doctor', '--server', 'http://127.0.0.1:1', '--config', file])).toMatchObject({
      code: 2,
    });
  } finally {
    process.chdir(before);
  }
});
