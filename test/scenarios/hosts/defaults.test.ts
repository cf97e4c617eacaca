/** What a container gets, keeps and leaves behind on a real engine. One story: each test goes on from the last. */
import {
  ask,
  containerOf,
  containersOn,
  dockerfile,
  engineOf,
  openHostsStage,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { TOKEN, until } from '../../support/slipway.js';
import type { Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let tickets: Tickets;
let host: StageHost;

beforeAll(async () => {
  stage = await openHostsStage({
    hosts: 1,
    environments: () => ({ production: { defaults: {}, keep: 1, allow: { binds: ['/srv'] } } }),
  });
  [host] = stage.hosts as [StageHost];
  tickets = stage.tickets;
  const plain = { services: { shop: { ports: ['8080:8080'], environment: { WORD: 'one' } } } };
  await stage.push({
    'docker/Dockerfile': dockerfile('VOLUME /data'),
    'docker/compose.yaml': JSON.stringify(plain),
  });
}, 120_000);

afterAll(() => stage?.close(), 60_000);

const gibibyte = 2 ** 30;

test('a run file that says nothing gets the defaults', async () => {
  const one = await tickets.deploy();
  expect(one).toMatchObject({ status: 'succeeded', error: null });
  expect(one.warnings.join()).toContain('version-not-asked');
  const { id, release } = one;
  const { Name, Config, HostConfig, Image } = await containerOf(host, 1);
  expect(HostConfig).toMatchObject({
    RestartPolicy: { Name: 'always' },
    Memory: 8 * gibibyte,
    MemorySwap: 8 * gibibyte,
    NanoCpus: 0,
    Init: true,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    PortBindings: { '8080/tcp': [{ HostIp: host.publish, HostPort: '8080' }] },
    Privileged: false,
    NetworkMode: 'bridge',
  });
  expect(Name).toBe(`/shop.production.${id}`);
  expect(Config).toMatchObject({ Image: `slipway.local/shop:${id}`, StopTimeout: 10 });
  expect(Config.Labels).toMatchObject({
    'dev.slipway.instance': 'slipway',
    'dev.slipway.environment': 'production',
    'dev.slipway.service': 'shop',
    'dev.slipway.release': '1',
    'dev.slipway.deployment': id,
    'dev.slipway.spec': expect.stringMatching(/^[0-9a-f]{64}$/),
    'dev.slipway.seal': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const { RepoDigests } = await engineOf(host).getImage(Image).inspect();
  expect(RepoDigests.join()).toContain(release.digest);
  expect((await tickets.settled(1)).hosts[0]?.drift).toEqual([]);
}, 120_000);

test('the volume of the image goes from one container to the next, with a warning', async () => {
  const two = await tickets.deploy({ release: await stage.say('two') });
  expect([two.status, two.warnings.join()]).toEqual(['succeeded', expect.stringContaining('/data')]);
  expect(await ask(host.publish, '/words')).toBe('one\ntwo');
}, 60_000);

test('volumes of the run file are made under their own names, and what is missing stops nothing', async () => {
  const volumes = (source: string) => ({ volumes: [{ type: 'volume', source, target: '/data' }] });
  const push = (more: object, top: object = {}) => stage.push({ 'docker/compose.yaml': runFile('three', more, top) });
  await push(volumes('words'), { volumes: { words: { external: true, name: 'elsewhere' } } });
  const before = await containerOf(host, 2);
  expect(await tickets.deploy()).toMatchObject({ status: 'failed', error: { code: 'volume-missing', host: 'a' } });
  await push({ volumes: ['/srv/not/there:/data'] });
  expect(await tickets.deploy()).toMatchObject({ status: 'failed', error: { code: 'bind-missing', host: 'a' } });
  expect((await containerOf(host, 2)).State).toEqual(before.State);
  await push(volumes('words'), { volumes: { words: {} } });
  expect(await tickets.deploy()).toMatchObject({ status: 'succeeded', release: { number: 5 } });
  expect(await ask(host.publish, '/words')).toBe('three');
  const { Volumes } = await engineOf(host).listVolumes();
  expect(Volumes.map(({ Name }) => Name)).toContain('shop.production.words');
}, 120_000);

test('as many older releases stay as the environment keeps, and volumes stay', async () => {
  expect(await containersOn(host)).toEqual(['-2 no', '5 always']);
  const { Volumes } = await engineOf(host).listVolumes();
  expect(Volumes).toHaveLength(2);
  const images = await engineOf(host).listImages();
  expect(
    images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => name.startsWith('slipway.local/')),
  ).toHaveLength(2);
  const back = await tickets.act('rollback');
  expect([back.status, await ask(host.publish, '/words')]).toEqual(['succeeded', 'one\ntwo\ntwo']);
}, 60_000);

test('the log is followed over a replacement', async () => {
  const address = await stage.slipway.running.app.listen({ host: '127.0.0.1', port: 0 });
  const stop = new AbortController();
  const answer = await fetch(`${address}/api/v1/environments/production/services/shop/logs?follow=true&tail=5`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    signal: stop.signal,
  });
  let heard = '';
  const hearing = (async () => {
    for await (const chunk of answer.body ?? []) heard += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  await until('the present log', async () => heard.includes('a | two\n'));
  expect(await tickets.deploy({ release: await stage.say('six') })).toMatchObject({ status: 'succeeded' });
  await until('the next log', async () => heard.includes('a | six\n'));
  stop.abort();
  await hearing;
}, 60_000);

test('what is stopped stays down over a reboot; then it starts, restarts, and is removed but for its image and volumes', async () => {
  expect((await tickets.act('stop')).status).toBe('succeeded');
  await host.reboot();
  await until('the host to be seen', async () => (await tickets.shown()).hosts[0]?.state === 'exited');
  expect([await runningOn(host), (await tickets.shown()).scale]).toEqual([[], { running: 0, wanted: 0 }]);
  expect((await tickets.shown()).hosts[0]?.drift).toEqual([]);
  expect((await tickets.act('start')).status).toBe('succeeded');
  const started = (await containerOf(host, 6)).State.StartedAt;
  expect((await tickets.act('restart')).status).toBe('succeeded');
  expect((await containerOf(host, 6)).State.StartedAt > started).toBe(true);
  expect(await runningOn(host)).toEqual(['6 always']);
  const address = '/api/v1/environments/production/services/shop';
  expect((await stage.slipway.request('DELETE', `${address}?confirm=other`, {})).statusCode).toBe(400);
  const removed = await stage.slipway.request('DELETE', `${address}?confirm=shop`, {});
  expect(removed.statusCode).toBe(202);
  await tickets.ended((JSON.parse(removed.body) as { id: string }).id);
  expect(await containersOn(host)).toContain('-6 no');
  expect((await containersOn(host)).filter((one) => !one.endsWith(' no'))).toEqual([]);
  await host.reboot();
  expect(await runningOn(host)).toEqual([]);
  expect((await tickets.shown()).desired).toBeNull();
  const { Image } = await containerOf(host, 6);
  expect((await engineOf(host).getImage(Image).inspect()).RepoTags).not.toEqual([]);
}, 120_000);
