/** A service that has another name, on hosts that have containers with its former one. */
import { lookAtHost } from '../../../../src/pipeline/observe/look-at-host.js';
import { createExpected } from '../../../../src/pipeline/observe/expected.js';
import { takeOverNames } from '../../../../src/server/former-names.js';
import type { Service } from '../../../../src/model/service.js';
import type { NewDeployment } from '../../../../src/model/deployment.js';
import { createLabels } from '../../../../src/container-labels.js';
import { Secret } from '../../../../src/secret.js';
import { deployStage, imageOf, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { deploySettings } from '../../../support/own-containers.js';

let stage: DeployStage;
let a: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  [a] = [...stage.hosts.values()] as [FakeHost];
});
afterEach(() => stage.close());

const servicesOf = (service: string, formerly: string) =>
  new Map([[service, { name: service, deploy: { ...deploySettings(), formerly } } as Service]]);

async function rename(former: string, service: string): Promise<void> {
  const { store } = stage.temp;
  await takeOverNames(servicesOf(service, former), { ...stage.deps, store });
}

const deploy = (number: number, over: Partial<NewDeployment> = {}, service = 'shop') =>
  stage.deploy(number, { service, ...over });
const act = (kind: 'stop' | 'start' | 'restart') => deploy(1, { kind });
const namesOn = (host: FakeHost) =>
  [...host.all.values()].map(({ container, status }) => `${container.name.replace(/[^.]*$/, '')} ${status}`);

describe('a service that was renamed', () => {
  beforeEach(async () => {
    await stage.deploy(1);
    await rename('app', 'shop');
  });

  test('changes nothing on the hosts if it is deployed as it runs', async () => {
    const [before, calls] = [await stage.running(), a.transcript.length];
    expect((await deploy(1)).status).toBe('succeeded');
    expect(await stage.running()).toEqual(before);
    expect(a.transcript.slice(calls).filter((line) => /^(create|start|stop|pull) /.test(line))).toEqual([]);
  });

  test('replaces the container with the former name, whose port is its own', async () => {
    expect(await deploy(2)).toMatchObject({ status: 'succeeded', error: null });
    expect(await stage.running()).toEqual({ a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] });
    expect(namesOn(a)).toEqual(['app.production. exited', 'shop.production. running']);
  });

  test('starts it again on the way back', async () => {
    for (const host of stage.hosts.values()) host.program(['crash'], { exit: 3 });
    const failed = await deploy(2, { specification: kept(2, { command: ['crash'] }) });
    expect([failed.status, failed.error?.code]).toEqual(['rolled-back', 'container-crashed']);
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
  });

  test('is rolled back to it', async () => {
    await deploy(2);
    const calls = a.transcript.length;
    expect((await deploy(1, { kind: 'rollback' })).status).toBe('succeeded');
    expect(await stage.running()).toMatchObject({ a: ['1 always', '(2 no)'] });
    expect(a.transcript.slice(calls).filter((line) => /^(create|pull) /.test(line))).toEqual([]);
  });

  test('is stopped, started and restarted', async () => {
    expect((await act('stop')).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['(1 no)'], b: ['(1 no)'] });
    for (const kind of ['start', 'restart'] as const) {
      expect((await act(kind)).status).toBe('succeeded');
      expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
    }
  });

  test('removes it with the local name of its image when it is no longer kept', async () => {
    const [old] = [...a.all.values()];
    const image = old?.container.image ?? '';
    stage.environment = { ...stage.environment, keep: 1 };
    for (const number of [2, 3]) await deploy(number);
    expect(await stage.running()).toMatchObject({ a: ['(2 no)', '3 always'] });
    expect(image).toMatch(/^slipway\.local\/app:/);
    expect(a.transcript.filter((line) => line.startsWith('removeName'))).toEqual([`removeName ${image}`]);
  });

  test('is seen under its new name, without drift', async () => {
    const expected = await createExpected(stage.temp.store)('production');
    const { own, foreign } = await lookAtHost(a, 'production', { labels: stage.deps.labels, expected });
    expect(own).toMatchObject([{ service: 'shop', release: 1, known: true, compared: { drift: [] } }]);
    expect(foreign).toEqual([]);
  });

  test('and once more has the containers of all its names', async () => {
    await deploy(2);
    await rename('shop', 'store');
    expect((await deploy(3, {}, 'store')).status).toBe('succeeded');
    expect(await stage.running()).toMatchObject({ a: ['(1 no)', '(2 no)', '3 always'] });
    expect(namesOn(a)).toEqual(['app.production. exited', 'shop.production. exited', 'store.production. running']);
  });

  test('is refused where somebody else has containers of its former name', async () => {
    const identity = { ...{ environment: 'production', service: 'app', release: 1 }, deployment: 'd', spec: 's' };
    const labels = createLabels('other', new Secret('other')).of(identity);
    await a.containers.create({
      ...{ name: 'x', image: imageOf(1), labels, parameters: kept(1, { ports: [] }).parameters },
      ...{ publish: null, takeOver: [], restart: { name: 'no', maxRetries: 0 } },
    });
    expect((await deploy(2)).error?.code).toBe('owned-by-other');
  });

  test('may name any of them', async () => {
    await rename('app', 'store');
    expect(await stage.temp.store.deployments.desired('production', 'store')).toMatchObject({ release: { number: 1 } });
  });
});

test('a deployment that was under way goes on under the new name', async () => {
  await stage.deploy(1);
  const stopping = new AbortController();
  const id = await stage.ask(2);
  const { controls } = a;
  const start = controls.start.bind(controls);
  let renamed: Promise<void> | undefined;
  Object.assign(controls, {
    start: async (container: string) => {
      Object.assign(controls, { start });
      renamed = rename('app', 'shop');
      return start(container);
    },
  });
  const first = await stage.attempt(id, stopping.signal);
  await renamed;
  expect(first).toMatchObject({ service: 'shop', status: 'pending' });
  expect((await stage.attempt(id)).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] });
});

test('a change of the name waits until the container that was stopped is replaced', async () => {
  await stage.deploy(1);
  const id = await stage.ask(2);
  const { controls } = a;
  const stop = controls.stop.bind(controls);
  let renamed: Promise<void> | undefined;
  Object.assign(controls, {
    stop: async (container: string, grace: number) => {
      Object.assign(controls, { stop });
      renamed = rename('app', 'shop');
      await new Promise(setImmediate);
      return stop(container, grace);
    },
  });
  const interrupted = await stage.attempt(id);
  await renamed;
  expect(await stage.running()).toEqual({ a: ['(1 always)', '2 no'], b: ['1 always', '(2 no)'] });
  expect([interrupted.finishedAt, stage.deps.labels.present('app')]).toEqual([null, 'shop']);
  expect((await stage.attempt(id)).status).toBe('succeeded');
});

test('a service with deployments of its own takes nothing over, and the log says so', async () => {
  await stage.deploy(1);
  await deploy(7, { specification: kept(7, { ports: [] }) });
  await rename('app', 'shop');
  expect(stage.log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { message: expect.stringContaining('services.shop.deploy.formerly has no effect: shop has releases') },
  ]);
  expect(await stage.temp.store.deployments.desired('production', 'app')).toMatchObject({ release: { number: 1 } });
  const { own } = await lookAtHost(a, 'production', { labels: stage.deps.labels, expected: null });
  expect(own.map(({ service }) => service).sort()).toEqual(['app', 'shop']);
});
