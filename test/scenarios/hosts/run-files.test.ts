/** Run files beside what is copied into an image, in YAML with anchors, and who says how a version is asked. One story: each test goes on from the last. */
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config/load.js';
import {
  ask,
  containerOf,
  dockerfile,
  openHostsStage,
  repository,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import type { DecisionRow } from '../../support/slipway.js';
import type { Ticket, Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let tickets: Tickets;
let host: StageHost;

beforeAll(async () => {
  stage = await openHostsStage({
    hosts: 1,
    environments: () => ({ production: { variables: { GREETING: 'hello' } } }),
  });
  [host] = stage.hosts as [StageHost];
  tickets = stage.tickets;
}, 120_000);

afterAll(() => stage?.close(), 60_000);

/** Pushes files. Resolves with what is decided. */
async function push(files: Readonly<Record<string, string>>): Promise<string> {
  const repo = await stage.git.repo(repository);
  const after = await repo.commit({ files: { ...files } });
  const [decision] = await stage.slipway.push(repository, 'main', { after });
  return said(decision);
}

const said = (decision: DecisionRow | undefined): string => `${decision?.decision} ${decision?.reason.code}`;

const built = async (): Promise<number> => (await stage.slipway.builds()).length;

/** Deploys the head, and resolves with the ticket. */
async function succeed(): Promise<Ticket> {
  const ended = await tickets.deploy();
  expect(ended).toMatchObject({ status: 'succeeded', error: null });
  return ended;
}

/** What the container has of a file of the repository. */
const inImage = async (path: string): Promise<string | undefined> =>
  (parse(await ask(host.publish, `/${path}`)) as { services: { shop: { environment: { WORD: string } } } }).services
    .shop.environment.WORD;

test('a folder that is copied whole takes the run file along, and a change of that alone makes a release without a build', async () => {
  const files = { 'docker/Dockerfile': dockerfile('COPY . /www/all/'), 'a.txt': '1' };
  expect(await push({ ...files, 'docker/compose.yaml': runFile('one') })).toBe('build first-build');
  const one = await succeed();
  expect([await ask(host.publish), await inImage('all/docker/compose.yaml')]).toEqual(['one', 'one']);
  expect(await push({ 'docker/compose.yaml': runFile('two', { mem_limit: '48m' }) })).toBe(
    'skip only-run-file-changed',
  );
  const two = await succeed();
  expect([two.release.number, two.release.digest, await built()]).toEqual([2, one.release.digest, 1]);
  expect((await containerOf(host, 2)).HostConfig.Memory).toBe(48 * 2 ** 20);
  // The image is the same, and so is what was copied into it.
  expect([await ask(host.publish), await inImage('all/docker/compose.yaml')]).toEqual(['two', 'one']);
  expect(await push({ 'a.txt': '2' })).toBe('build included-path-changed');
  const three = await succeed();
  expect(three.release).toMatchObject({ number: 3 });
  expect([await ask(host.publish), await inImage('all/docker/compose.yaml')]).toEqual(['two', 'two']);
}, 120_000);

test('a run file that COPY names is a path like any other: each change of it is a build', async () => {
  const named = dockerfile('COPY docker/compose.yaml /www/compose.yaml');
  expect(await push({ 'docker/Dockerfile': named })).toBe('build included-path-changed');
  const before = await succeed();
  expect(await push({ 'docker/compose.yaml': runFile('three') })).toBe('build included-path-changed');
  const { release } = await succeed();
  expect(release.digest).not.toBe(before.release.digest);
  expect([await ask(host.publish), await inImage('compose.yaml')]).toEqual(['three', 'three']);
  // Another run file is not named.
  const overlay = 'services: { shop: { environment: { WORD: four } } }';
  expect(await push({ 'docker/compose.production.yaml': overlay })).toBe('skip only-run-file-changed');
  expect((await succeed()).release.digest).toBe(release.digest);
  expect([await ask(host.publish), await inImage('compose.yaml')]).toEqual(['four', 'three']);
}, 120_000);

/** Anchors, aliases, merge keys, and extensions at both levels. */
const withAnchors = `
x-common: &common
  GREETING:
  WORD: overridden
  UNUSED: "$$5"
x-limits: { memory: &memory 48m, note: "\${NOBODY_HAS_THIS}" }
services:
  shop:
    x-owner: { team: shop }
    ports: &ports ['8080:8080']
    environment: { <<: *common, WORD: "\${GREETING} from anchors", PORTS: "8080" }
    mem_limit: *memory
    memswap_limit: *memory
    stop_signal: SIGKILL
    labels: { owner: "\${GREETING}" }
    x-slipway:
      verify: { path: /nowhere, port: 8080 }
`;

test('anchors and merge keys count where they are used, and extensions have no effect', async () => {
  await push({
    'docker/compose.yaml': withAnchors,
    'docker/compose.production.yaml': 'services: { shop: { x-slipway: { verify: { path: /version } }, x-note: 1 } }',
  });
  const ended = await succeed();
  const { Config, HostConfig } = await containerOf(host, ended.release.number);
  expect(Config.Env).toEqual(
    expect.arrayContaining(['GREETING=hello', 'WORD=hello from anchors', 'UNUSED=$5', 'PORTS=8080']),
  );
  expect([HostConfig.Memory, HostConfig.MemorySwap]).toEqual([48 * 2 ** 20, 48 * 2 ** 20]);
  expect(Config.Labels).toMatchObject({ owner: 'hello' });
  expect(Object.keys(Config.Labels).filter((name) => name.startsWith('x-'))).toEqual([]);
  // The file of the environment has the path, and the run file the port.
  expect(ended.hosts[0]?.verifications.at(-1)).toMatchObject({
    url: `http://${host.publish}:8080/version`,
    answer: ended.release.tag,
    ok: true,
  });
  expect((await tickets.settled(ended.release.number)).hosts[0]?.drift).toEqual([]);
}, 60_000);

/** Changes how the service is deployed while Slipway runs. */
async function deployWith(deploy: object): Promise<void> {
  const { slipway } = stage;
  const shop = { repository, version: { value: '1.0' }, deploy: { environments: ['production'], ...deploy } };
  await slipway.writeConfig({ services: { shop } });
  expect(await slipway.running.reload(await loadConfig(slipway.configFile, {}))).toBe(true);
}

test('the configuration says how the version is asked, key by key, over the run file and that of the environment', async () => {
  const before = await runningOn(host);
  const verify = '{ path: /nowhere, expect: somewhere, body: "regex:word: ([a-z ]+)" }';
  await push({
    'docker/compose.production.yaml': `services: { shop: { environment: { WORD: "word: last" }, x-slipway: { verify: ${verify} } } }`,
  });
  const failed = await tickets.deploy();
  expect(failed).toMatchObject({ status: 'rolled-back', error: { code: 'verification-timeout' } });
  expect(await runningOn(host)).toEqual(before);
  await deployWith({ verify: { path: '/word', expect: 'last' } });
  const ended = await tickets.deploy({ release: failed.release.number, force: true });
  expect(ended).toMatchObject({ status: 'succeeded', error: null });
  expect(ended.hosts[0]?.verifications.at(-1)).toMatchObject({
    url: `http://${host.publish}:8080/word`,
    answer: 'last',
    ok: true,
  });
}, 60_000);
