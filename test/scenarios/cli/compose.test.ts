/** `slipway compose` beside a database, and from a container of an engine. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createBody } from '../../../src/hosts/specification/create-body.js';
import { fillIn } from '../../support/engine-fill.js';
import { useCli } from '../../support/cli.js';
import { digest, keptRunFile, releaseWeb } from '../../support/effective.js';
import { production, withEnvironments } from '../../support/environments.js';
import { sha } from '../../support/app.js';
import { storeClock } from '../../support/running-builds.js';
import { openTempStore, type TempStore } from '../../support/store.js';
import { parametersOf, reading, service } from '../../unit/run-file/reading.js';

jest.setTimeout(90_000);

const secret = 'pa55word';
const cli = useCli({ PW: secret });
let folder = '';
let temp: TempStore;
let config = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-cli-compose-'));
  temp = await openTempStore({ clock: storeClock });
  await releaseWeb(temp.store, keptRunFile(service('user: one\nenvironment: [PASSWORD]')));
  await releaseWeb(temp.store, keptRunFile(service('user: two\nenvironment: [PASSWORD]')), sha('b'));
  await releaseWeb(temp.store, keptRunFile(service('privileged: true\nenvironment: [MISSING]')), sha('c'));
  config = join(folder, 'slipway.yaml');
  const server = `server: { dataDir: ${JSON.stringify(temp.dataDir)} }`;
  const environment = production('variables: { PASSWORD: "${PW}" }');
  await writeFile(config, withEnvironments(environment, '{ environments: [production] }', server));
});
afterAll(async () => {
  await temp.close();
  await rm(folder, { recursive: true });
});

const compose = (...words: readonly string[]) => cli('compose', ...words, '--config', config);

test('a release by its number is printed as it is in force, without its secrets', async () => {
  const { code, stdout, stderr } = await compose('web', '--environment', 'production', '--release', '1');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^# web, release 1 \(main, aaaaaaaaaaaa\), in production\n/);
  expect(stdout).toContain(`    image: "registry.abc.net/web@${digest}"\n    user: "one"\n`);
  expect(stdout).toContain('PASSWORD: "${PASSWORD}"\n');
  expect(stdout).not.toContain(secret);
});

test('the newest one is taken without a number, and each of its faults is a line', async () => {
  const { code, stdout, stderr } = await compose('web', '--environment', 'production');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^docker\/compose\.yaml:3:17: run-file-not-allowed: .*allow\.privileged/),
    expect.stringMatching(/^docker\/compose\.yaml:4:19: variable-missing: /),
    '',
  ]);
});

test.each([
  [['web', '--environment', 'prod'], 1, 'unknown-environment: '],
  [['shop', '--environment', 'production'], 1, 'unknown-service: '],
  [['web', '--environment', 'production', '--release', '9'], 1, 'unknown-release: '],
  [['web', '--environment', 'production', '--release', 'x'], 2, '--release is a number'],
  [['web'], 2, '--environment is missing'],
  [['--environment', 'production'], 2, 'compose needs the name of one service'],
  [['web', '--from-container', 'x'], 2, '--from-container needs no service'],
  [['--from-container', 'x'], 2, '--engine is missing'],
  [['--from-container', 'x', '--engine', 'tcp://x:1', '--tls-cert', 'c'], 2, '--tls-cert and --tls-key belong'],
  [
    ['--from-container', 'x', '--engine', 'tcp://x:1', '--tls-ca', '/none'],
    1,
    'invalid-configuration: The file "/none"',
  ],
])('%j ends with %d', async (words, expected, message) => {
  const { code, stdout, stderr } = await compose(...words);
  expect([code, stdout]).toEqual([expected, '']);
  expect(stderr).toContain(`slipway: ${message}`);
});

describe('from a container', () => {
  const parameters = parametersOf(
    `${service('image: abc/web\nuser: app\nports: ["8080:80"]\nenvironment: {A: "a$$b"}\nvolumes: ["data:/data"]\nlabels: {com.docker.compose.project: p, own: l}')}volumes: {data: {external: true}}\n`,
    { repository: 'abc/web' },
  );
  const id = '0123456789ab'.padEnd(64, 'c');
  const image = { Env: [], Cmd: ['serve'] };
  let server: Server;
  let engine = '';
  beforeAll(async () => {
    const restart = parameters.restart;
    const given = { name: 'web', image: 'abc/web:1', labels: {}, parameters, publish: null, restart, takeOver: [] };
    const seen = fillIn(createBody(given), image, id) as { HostConfig: object };
    const container = {
      ...seen,
      Id: id,
      Name: '/web',
      Image: 'sha256:1',
      HostConfig: { ...seen.HostConfig, CpuShares: 7 },
    };
    const answers: Readonly<Record<string, unknown>> = {
      '/containers/web/json': container,
      '/images/sha256%3A1/json': { Config: image, RepoDigests: [`other/web@${digest}`, `abc/web@${digest}`] },
      '/info': { MemoryLimit: true, SwapLimit: true, PidsLimit: true },
    };
    server = createServer(({ url = '' }, response) => {
      const answer = answers[url.replace(/^\/v[\d.]+/, '')];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { message: 'No such container' }));
    }).listen(join(folder, 'engine.sock'));
    await once(server, 'listening');
    engine = `unix://${join(folder, 'engine.sock')}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('a run file is printed that means the same, and what it cannot say is named', async () => {
    const { code, stdout, stderr } = await cli('compose', '--from-container', 'web', '--engine', engine);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# from the container web, created from abc/web:1',
      expect.stringContaining('write ${NAME} here'),
      '# left out: labels com.docker.compose.*',
      '# not possible in a run file: HostConfig.CpuShares',
    ]);
    expect(stdout).toContain(`    image: "abc/web@${digest}"\n`);
    const { result, faults } = reading(stdout, { repository: 'abc/web' });
    expect(faults).toEqual([]);
    // An option of the engine's own.
    const logging = { driver: 'json-file', options: { ...parameters.logging.options, compress: 'true' } };
    expect(result?.parameters).toEqual({ ...parameters, logging, labels: { own: 'l' } });
  });

  test('a container that is not there is an error', async () => {
    const { code, stderr } = await cli('compose', '--from-container', 'shop', '--engine', engine);
    expect([code, stderr]).toEqual([1, 'slipway: not-found: The engine has no container "shop".\n']);
  });
});
