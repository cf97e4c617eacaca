/** The ways to ask for a release, to find its run file, to ask for its version, to reach a host, and to go back. One story: each test goes on from the last. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config/load.js';
import { hostAddress } from '../../support/host-engines.js';
import { onCall } from '../../support/host-proxy.js';
import {
  ask,
  containerOf,
  containersOn,
  dockerfile,
  engineOf,
  openHostsStage,
  repository,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { registryUser } from '../../support/registry.js';
import { scriptedServer, type ScriptedServer } from '../../support/scripted-server.js';
import { TOKEN, until } from '../../support/slipway.js';
import { idOf, Tickets, type Ticket } from '../../support/tickets.js';
import { openTlsDoor, type TlsDoor } from '../../support/tls-door.js';

let stage: HostsStage;
let folder: string;
let door: TlsDoor;
let listener: ScriptedServer;
let a: StageHost;
let b: StageHost;
let production: Tickets;
let staging: Tickets;
let live: Tickets;
let agent: Tickets;
let one: Ticket;
/** The commit of release 2. */
let second: string;

/** Answers with its version in every place where one may be. */
const answering = [
  'ARG SLIPWAY_COMMIT',
  'RUN printf \'{"build": {"version": "%s"}}\' $SLIPWAY_VERSION > /www/json',
  'RUN echo "<p>commit $SLIPWAY_COMMIT of $SLIPWAY_VERSION</p>" > /www/page && mkdir /www/cgi-bin',
  "RUN printf '%s\\n' '#!/bin/sh' \"printf 'X-Version: $SLIPWAY_VERSION\\r\\n\\r\\n'\" > /www/cgi-bin/version",
  'RUN chmod +x /www/cgi-bin/version',
];

/** A run file that is merged over the usual one in one environment. */
const overlay = (environment: string, more: object) => ({
  [`docker/compose.${environment}.yaml`]: JSON.stringify({ services: { shop: more } }),
});
const saying = (word: string, verify: object) =>
  overlay('production', { environment: { WORD: word }, 'x-slipway': { verify } });
const byJson = { path: '/json', json: '/build/version' };

const agentFile = (word: string): string => {
  const volumes = [{ type: 'volume', source: 'words', target: '/data' }];
  const top = { volumes: { words: { external: true, name: 'old-words' } } };
  return runFile(word, { ports: ['8081:8080'], volumes }, top);
};

const { username, password } = registryUser;
const environments = ['staging', 'live', 'far', 'production'];
const at = (address: string) => ({ address, publish: address });

const environmentsFor = ([first, second]: readonly StageHost[]) => ({
  staging: { hosts: { a: first?.settings }, allow: { binds: [folder] } },
  live: { hosts: { l: { engine: first?.settings.engine, ...at(hostAddress(52)) } }, requires: 'staging' },
  far: { hosts: { f: { ...door.settings, ...at(hostAddress(53)) } } },
  production: { hosts: { b: second?.settings }, concurrency: 1 },
});

const settings = (pull: object | null = null) => ({
  access: {
    tokens: [
      { name: 'ops', token: TOKEN, scopes: ['admin'] },
      { name: 'deployer', token: 'deployer-token', scopes: ['deploy'], environments: ['staging'] },
    ],
  },
  callbacks: { allowedHosts: [listener.host] },
  registry: { host: stage.registry.host, insecure: true, username, password, ...(pull && { pull }) },
  services: {
    shop: { repository, version: { value: '1.0' }, deploy: { environments } },
    agent: { repository: 'abc/agent', deploy: { environments: ['production'] } },
  },
});

/** What hosts sign in to the registry with, from now on. */
async function signInWith(secret: string): Promise<void> {
  await stage.slipway.writeConfig(settings({ username, password: secret }));
  expect(await stage.slipway.running.reload(await loadConfig(stage.slipway.configFile, {}))).toBe(true);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-ways-'));
  listener = await scriptedServer(() => ({ status: 200 }));
  door = await openTlsDoor(() => a.socket);
  stage = await openHostsStage({ starts: false, environments: environmentsFor });
  [a, b] = stage.hosts as [StageHost, StageHost];
  production = stage.tickets;
  [staging, live] = [production.in('staging'), production.in('live')];
  agent = new Tickets(() => stage.slipway, 'agent');
  await stage.slipway.writeCentral('agent/docker-compose.yml', agentFile('later'));
  await stage.slipway.writeCentral('agent/compose.yml', agentFile('central'));
  await stage.slipway.start(settings());
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await door?.close();
  await listener?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

afterEach(() => {
  for (const { proxy } of stage.hosts) proxy.judge(null);
});

const answerOf = ({ hosts }: Ticket) => hosts[0]?.verifications.at(-1);

test('a container is asked for its version in JSON, a header or the body, and for tag, commit or official version', async () => {
  const files = { 'docker/Dockerfile': dockerfile(...answering), 'docker/compose.yaml': runFile('plain') };
  const first = await stage.push({ ...files, ...saying('json', byJson) });
  one = await production.deploy();
  expect([one.status, answerOf(one)]).toMatchObject(['succeeded', { answer: one.release.tag, ok: true }]);
  second = await stage.push(saying('header', { path: '/cgi-bin/version', header: 'X-Version' }));
  const two = await production.deploy();
  expect([two.status, answerOf(two)]).toMatchObject(['succeeded', { answer: one.release.tag, ok: true }]);
  await stage.push(saying('other', { ...byJson, expect: '2.0' }));
  const message = expect.stringMatching(new RegExp(`"${one.release.tag}" instead of "2\\.0"`));
  expect(await production.deploy()).toMatchObject({
    status: 'rolled-back',
    error: { code: 'version-mismatch', message },
  });
  expect(await ask(b.publish)).toBe('header');
  await stage.push(saying('commit', { path: '/page', body: 'regex:commit ([0-9a-f]+)', expect: 'commit' }));
  const four = await production.deploy();
  expect([four.status, answerOf(four)]).toMatchObject(['succeeded', { answer: first, ok: true }]);
  await stage.push(saying('official', { path: '/page', body: 'regex:of ([0-9.]+)', expect: 'version' }));
  const five = await production.deploy();
  expect([five.status, answerOf(five)]).toMatchObject(['succeeded', { answer: '1.0', ok: true }]);
  expect([five.release.number, five.release.digest]).toEqual([5, one.release.digest]);
}, 120_000);

test('two rollbacks in a row go further back, and a named one to an older release that was verified', async () => {
  expect(await production.ask({ release: 5, dryRun: true })).toMatchObject({ status: 200, body: { rollbackTo: 4 } });
  expect(await production.act('rollback')).toMatchObject({ status: 'succeeded', release: { number: 4 } });
  expect(await production.askTo('rollback', { release: 3 })).toMatchObject({
    status: 409,
    body: { code: 'rollback-impossible', detail: expect.stringContaining('release 3 was never verified there') },
  });
  expect(await production.act('rollback')).toMatchObject({ status: 'succeeded', release: { number: 2 } });
  expect([await ask(b.publish), await runningOn(b)]).toEqual(['header', ['2 always']]);
  expect(await production.askTo('rollback', { release: 4 })).toMatchObject({
    status: 409,
    body: { code: 'rollback-impossible', detail: expect.stringContaining('not older') },
  });
  expect(await production.deploy({ release: 5, force: true })).toMatchObject({ status: 'succeeded' });
  // A ticket may not ask for it without more ado, a rollback may.
  expect(await production.ask({ release: 4 })).toMatchObject({ status: 409, body: { code: 'release-blocked' } });
  expect(await production.act('rollback', { release: 4 })).toMatchObject({ status: 'succeeded' });
  expect([await ask(b.publish), await runningOn(b)]).toEqual(['commit', ['4 always']]);
  expect(await staging.askTo('rollback')).toMatchObject({ status: 409, body: { code: 'rollback-impossible' } });
}, 120_000);

test('a ticket names a version, a commit, or the environment that its release was verified in before', async () => {
  expect(await live.ask({ from: 'staging' })).toMatchObject({ status: 422, body: { code: 'no-release' } });
  const byVersion = await staging.deploy({ version: one.release.tag });
  expect(byVersion).toMatchObject({ status: 'succeeded', release: { number: 5 } });
  const notVerified = { status: 409, body: { code: 'release-not-verified' } };
  expect(await live.ask({ release: 2, force: true })).toMatchObject(notVerified);
  const byCommit = await staging.deploy({ commit: second.slice(0, 10) });
  expect(byCommit).toMatchObject({ status: 'succeeded', release: { number: 2 } });
  const promoted = await live.deploy({ from: 'staging' });
  expect(promoted).toMatchObject({ status: 'succeeded', release: { number: 2, digest: byCommit.release.digest } });
  const { Image } = await containerOf(a, 2, { environment: 'live' });
  expect((await engineOf(a).getImage(Image).inspect()).RepoDigests.join()).toContain(byCommit.release.digest);
  expect(await live.ask({ release: 4 })).toMatchObject(notVerified);
}, 120_000);

test('a deployment goes to an engine that asks for a client certificate', async () => {
  expect(await production.in('far').deploy({ from: 'staging' })).toMatchObject({ status: 'succeeded', error: null });
  expect([await ask(hostAddress(53)), await runningOn(a, { environment: 'far' })]).toEqual(['plain', ['2 always']]);
}, 60_000);

test('a token deploys where it may and tries again, its callback hears of each end, and the audit list has its calls', async () => {
  const data = join(folder, 'data');
  const bound = overlay('staging', { environment: { WORD: 'bound' }, volumes: [`${data}:/data`] });
  await stage.push({ ...bound, ...saying('six', byJson) });
  const call = async (path: string, payload: object) => {
    const { statusCode, body } = await stage.slipway.request('POST', path, payload, 'deployer-token');
    return { status: statusCode, body: JSON.parse(body) as object };
  };
  const [tickets, retryOf] = ['/api/v1/deployments', (id: string) => `/api/v1/deployments/${id}/retry`];
  const ticket = { service: 'shop', branch: 'main', callbackUrl: `http://${listener.host}/ended` };
  const refused = { status: 403, body: { code: 'forbidden' } };
  expect(await call(tickets, { ...ticket, environment: 'production' })).toMatchObject(refused);
  expect(await call(retryOf(one.id), {})).toMatchObject(refused);
  const failed = await staging.ended(idOf(await call(tickets, { ...ticket, environment: 'staging' })));
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'bind-missing' }, requestedBy: 'deployer' });
  expect(await ask(a.publish)).toBe('plain');
  await mkdir(data);
  const again = await staging.ended(idOf(await call(retryOf(failed.id), {})));
  expect(again).toMatchObject({ status: 'succeeded', release: failed.release, requestedBy: 'deployer' });
  expect([await ask(a.publish), await readFile(join(data, 'words'), 'utf8')]).toEqual(['bound', 'bound\n']);
  await until('both ends to be heard', async () => listener.requests.length === 2);
  expect(listener.requests.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
    { id: failed.id, status: 'failed', error: { code: 'bind-missing' } },
    { id: again.id, status: 'succeeded', error: null },
  ]);
  const { entries } = await stage.slipway.get<{ entries: object[] }>('/api/v1/audit?token=deployer');
  const of = (route: string, status: number, parameters = {}) => ({ by: 'deployer', route, status, parameters });
  expect(entries).toMatchObject([
    of('/api/v1/deployments/:id/retry', 202, { id: failed.id }),
    of('/api/v1/deployments', 202),
    of('/api/v1/deployments/:id/retry', 403, { id: one.id }),
    of('/api/v1/deployments', 403),
  ]);
}, 120_000);

test('a run file is looked for in order, and in the central folder last; an old volume is used; and services take turns', async () => {
  await engineOf(b).createVolume({ Name: 'old-words' });
  const repo = await stage.git.repo('abc/agent');
  const push = async (files: Record<string, string>) =>
    stage.slipway.push('abc/agent', 'main', { after: await repo.commit({ files }) });
  await push({ 'docker/Dockerfile': dockerfile() });
  await until('its release', async () => (await runFiles()).length === 1);
  const start = holdStart();
  const before = await production.begin({ branch: 'main' });
  await until('a container to be started', async () => start.isHeld);
  const waiting = await agent.begin({ branch: 'main' });
  expect(await agent.get(waiting)).toMatchObject({ status: 'pending', waitingFor: { code: 'slot' } });
  start.letGo();
  expect(await production.ended(before)).toMatchObject({ status: 'succeeded' });
  expect(await agent.ended(waiting)).toMatchObject({ status: 'succeeded' });
  expect(await ask(b.publish, '/words', 8081)).toBe('central');
  expect((await containerOf(b, 1, { service: 'agent' })).Mounts).toMatchObject([{ Type: 'volume', Name: 'old-words' }]);
  await push({ 'docker/docker-compose.yaml': agentFile('two'), 'docker/docker-compose.yml': agentFile('two') });
  await push({ 'docker/compose.yml': agentFile('three') });
  await push({ 'docker/compose.yaml': agentFile('four') });
  expect(await runFiles()).toMatchObject([
    { source: 'application', path: 'docker/compose.yaml' },
    { source: 'application', path: 'docker/compose.yml' },
    { source: 'application', path: 'docker/docker-compose.yml' },
    { source: 'central', path: 'agent/compose.yml' },
  ]);
}, 120_000);

/** Holds the next start of a container. */
function holdStart(): { isHeld: boolean; letGo: () => void } {
  const start = { isHeld: false, letGo: (): void => undefined };
  const held = new Promise<'pass'>((resolve) => (start.letGo = () => resolve('pass')));
  const hold = () => {
    start.isHeld = true;
    return held;
  };
  b.proxy.judge(onCall(/^POST .*\/start/, hold));
  return start;
}

const runFiles = async (): Promise<readonly object[]> => {
  const { releases } = await stage.slipway.get<{ releases: { runFile: object }[] }>('/api/v1/releases/agent');
  return releases.map(({ runFile: its }) => its);
};

test('where all hosts are away nothing is touched, and Slipway stays ready', async () => {
  const before = await containersOn(b);
  await stage.push({ 'docker/Dockerfile': dockerfile(...answering, 'RUN echo changed > /changed') });
  for (const { proxy } of stage.hosts) await proxy.cut();
  expect(await production.deploy()).toMatchObject({ status: 'failed', error: { code: 'host-unreachable', host: 'b' } });
  await until('it to be named', async () => {
    const { statusCode, body } = await stage.slipway.request('GET', '/readyz');
    const { checks } = JSON.parse(body) as { checks: { hosts: { ok: boolean; message: string } } };
    expect([statusCode, checks.hosts.ok]).toEqual([200, true]);
    return /degraded.*production\/b/.test(checks.hosts.message);
  });
  for (const { proxy } of stage.hosts) await proxy.restore();
  expect([await containersOn(b), await ask(b.publish)]).toEqual([before, 'six']);
}, 60_000);

test('an image that the host has no more is pulled again on the way back, with what hosts sign in with', async () => {
  const old = (await production.shown()).desired?.release ?? 0;
  const { Image } = await containerOf(b, old);
  expect(await production.deploy()).toMatchObject({ status: 'succeeded', error: null });
  for (const { id, labels } of await b.host.containers.list({ 'dev.slipway.service': 'shop' }))
    if (Number(labels['dev.slipway.release']) <= old) await b.host.containers.remove(id);
  await engineOf(b).getImage(Image).remove({ force: true });
  const before = await containersOn(b);
  await signInWith('wrong');
  expect(await production.act('rollback')).toMatchObject({
    status: 'failed',
    error: { code: 'registry-unauthorized', host: 'b' },
  });
  expect(await containersOn(b)).toEqual(before);
  await signInWith(password);
  expect(await production.act('rollback')).toMatchObject({ status: 'succeeded', release: { number: old } });
  expect([await ask(b.publish), (await containerOf(b, old)).Image]).toEqual(['six', Image]);
}, 60_000);
