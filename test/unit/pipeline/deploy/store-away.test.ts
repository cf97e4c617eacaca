/** The store goes away in the middle of a replacement. */
import { SlipwayError } from '../../../../src/errors.js';
import type { Host } from '../../../../src/hosts/contract.js';
import { deployStage, kept, parameters, type DeployStage } from '../../../support/deploy-stage.js';
import { runOn } from '../../../support/own-containers.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
let isAway: boolean;
let passed: number;
beforeEach(async () => {
  stage = await deployStage(['a']);
  [a] = [...stage.hosts.values()] as [FakeHost];
  [isAway, passed] = [false, 0];
  const { store } = stage.temp;
  const deployments = new Proxy(store.deployments, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (!isAway || typeof member !== 'function') return member;
      return () => Promise.reject(new SlipwayError('store-unavailable', 'The store is away.'));
    },
  });
  Object.assign(stage.deps, { store: { ...store, deployments }, uptime: () => performance.now() + passed });
});
afterEach(() => stage.close());

/** Calls `happens` once the host has stopped a container, and `then` once it has started one after that. */
function between(happens: () => void, then: () => void = () => undefined): void {
  const controls: Host['controls'] = a.controls;
  const [stop, start] = [controls.stop.bind(controls), controls.start.bind(controls)];
  Object.assign(controls, {
    stop: async (id: string, grace: number) => {
      const stopped = await stop(id, grace);
      happens();
      return stopped;
    },
    start: async (id: string) => {
      const started = await start(id);
      then();
      return started;
    },
  });
}

const goAway = () => void (isAway = true);
const comeBack = () => void (isAway = false);

test('what replaces a stopped container is started without the store', async () => {
  await stage.deploy(1);
  between(goAway, comeBack);
  expect((await stage.deploy(2)).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['(1 no)', '2 always'] });
});

test('so is what takes the place of foreign containers', async () => {
  const port = (hostPort: number) => ({ hostIp: '', hostPort, containerPort: 80, protocol: 'tcp' as const });
  await runOn(a, { name: 'first', parameters: parameters({ ports: [port(8080)] }) });
  await runOn(a, { name: 'second', parameters: parameters({ ports: [port(8081)] }) });
  between(goAway, comeBack);
  const specification = kept(1, { ports: [port(8080), port(8081)] });
  const { id, status } = await stage.deploy(1, { adopt: ['first', 'second'], specification });
  expect(status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['(first no)', '(second no)', '1 always'] });
  const adopted = await stage.temp.store.deployments.adopted(id);
  expect(adopted.map(({ name }) => name)).toEqual(['first', 'second']);
});

describe('nothing is started', () => {
  beforeEach(() => stage.deploy(1).then(() => undefined));

  test('once another worker could have the deployment', async () => {
    between(() => {
      goAway();
      // Of the thirty seconds of a lease less than ten are left.
      passed = 21_000;
    });
    const id = await stage.ask(2);
    await expect(stage.attempt(id)).resolves.toMatchObject({ finishedAt: null });
    comeBack();
    expect(await stage.running()).toEqual({ a: ['(1 always)', '(2 no)'] });
  });

  test('if the store says that another worker has it', async () => {
    const { deployments } = stage.temp.store;
    between(() => void Object.assign(deployments, { owned: async () => 0 }));
    expect((await stage.deploy(2)).finishedAt).toBeNull();
    expect(await stage.running()).toEqual({ a: ['(1 always)', '(2 no)'] });
  });
});
