import type { NewContainer, PullCredentials } from '../../src/hosts/contract.js';
import type { Parameters } from '../../src/model/parameters.js';
import { until } from '../support/api-client.js';
import { failureOf } from '../support/failure-of.js';
import { plainParameters } from '../support/random-parameters.js';
import { commands, never, type HostHarness, type Setting } from './host-setting.js';
import { awayFacts, eventFacts } from './host-events.js';

const no = { name: 'no', maxRetries: 0 } as const;
/** What every host does. */
export function hostContract(name: string, open: () => Promise<HostHarness>): void {
  describe(`${name} as a host`, () => {
    let harness: HostHarness;
    const refusals: unknown[] = [];
    let numbers = 0;
    beforeAll(async () => {
      harness = await open();
      const { host, image, credentials, wrongCredentials } = harness;
      // An engine that has the manifest does not ask the registry again, so these come first.
      refusals.push(await failureOf(host.images.pull(image, wrongCredentials, never)));
      refusals.push(await failureOf(host.images.pull(image, null, never)));
      await host.images.pull(image, credentials, never);
    }, 60_000);
    afterAll(async () => {
      const { host } = harness;
      for (const { id } of await host.containers.list({ 'dev.slipway.instance': 'contract' })) {
        await host.controls.stop(id, 0);
        await host.containers.remove(id);
      }
      await harness.close();
    });

    const newContainer = (changes: Partial<Parameters> = {}, more: Partial<NewContainer> = {}): NewContainer => {
      numbers += 1;
      return {
        name: `slipway-contract.${process.pid}.${numbers}`,
        image: harness.image,
        labels: { 'dev.slipway.instance': 'contract', 'dev.slipway.deployment': String(numbers) },
        parameters: { ...plainParameters, memory: 0, memorySwap: 0, command: commands.lasting, ...changes },
        publish: '127.0.0.1',
        restart: no,
        takeOver: [],
        ...more,
      };
    };
    const setting: Setting = { harness: () => harness, host: () => harness.host, newContainer };
    lifeFacts(setting);
    createFacts(setting);
    imageFacts(setting);
    eventFacts(setting);
    awayFacts(setting);

    test('wrong credentials for a pull, or none, are refused for good', () => {
      const refused = { code: 'registry-unauthorized', blame: 'registry', retryable: false };
      expect(refusals).toMatchObject([refused, refused]);
    });

    test('says what it is', async () => {
      const info = await harness.host.info();
      expect(info.engineVersion).toMatch(/^\d+\.\d+/);
      expect(info.cpus).toBeGreaterThan(0);
      expect(info.memory).toBeGreaterThan(2 ** 20);
    });
  });
}

function lifeFacts({ harness, host, newContainer }: Setting): void {
  test('a container is created, runs, stops and goes; what is done already is done', async () => {
    const { containers, controls } = host();
    const { id } = await containers.create(newContainer());
    expect((await containers.inspect(id))?.state).toMatchObject({ status: 'created', startedAt: null, lastExit: null });
    expect(await controls.start(id)).toBe(true);
    const up = await containers.inspect(id);
    expect(up?.state).toMatchObject({ status: 'running', restarts: 0, lastExit: null });
    expect(await controls.start(id)).toBe(true);
    expect((await containers.inspect(id))?.state.startedAt).toBe(up?.state.startedAt);
    expect(await containers.remove(id)).toBe(false);
    expect(await controls.stop(id, 5000)).toBe(true);
    expect(await controls.stop(id, 5000)).toBe(true);
    const down = await containers.inspect(id);
    expect(down?.state).toMatchObject({ status: 'exited', lastExit: { oom: false } });
    expect(down?.state.lastExit?.at).toBeGreaterThanOrEqual(up?.state.startedAt ?? Infinity);
    expect(await containers.remove(id)).toBe(true);
    expect(await containers.remove(id)).toBe(true);
    expect(await containers.inspect(id)).toBeNull();
  });

  test('the exit code of a container that ended by itself', async () => {
    const { containers, controls } = host();
    const { id } = await containers.create(newContainer({ command: commands.speaking }));
    await controls.start(id);
    const ended = await until('the container has ended', async () => {
      const one = await containers.inspect(id);
      return one?.state.status === 'exited' && one;
    });
    expect(ended.state.lastExit?.code).toBe(3);
  });

  test('a container that is not there cannot be started, stopped or changed', async () => {
    const { controls } = host();
    const id = 'f'.repeat(64);
    expect(await controls.start(id)).toBe(false);
    expect(await controls.stop(id, 0)).toBe(false);
    expect(await controls.setRestart(id, no)).toBe(false);
  });

  test('a program that does not exist does not start', async () => {
    const { containers, controls } = host();
    const { id } = await containers.create(newContainer({ command: commands.missing, init: false }));
    expect(await failureOf(controls.start(id))).toMatchObject({
      code: 'container-start-failed',
      blame: 'service',
      retryable: false,
    });
  });

  test.each(['a container', 'another program'])('a port that %s has', async (holder) => {
    const { containers, controls } = host();
    const hostPort = harness().ports[holder === 'a container' ? 0 : 1];
    const ports = [{ hostIp: '', hostPort, containerPort: 80, protocol: 'tcp' as const }];
    if (holder === 'a container') {
      const first = await containers.create(newContainer({ ports }));
      await controls.start(first.id);
    } else await harness().occupy(hostPort);
    const { id } = await containers.create(newContainer({ ports }));
    expect(await failureOf(controls.start(id))).toMatchObject({ code: 'port-in-use', blame: 'host', retryable: false });
    expect((await containers.inspect(id))?.state).toMatchObject({ status: 'created', startedAt: null });
  });

  test('the restart policy of a container that runs can be changed', async () => {
    const { containers, controls } = host();
    const { id } = await containers.create(newContainer());
    await controls.start(id);
    expect((await containers.inspect(id))?.restart).toEqual(no);
    expect(await controls.setRestart(id, { name: 'always', maxRetries: 0 })).toBe(true);
    const changed = await containers.inspect(id);
    expect(changed?.restart).toEqual({ name: 'always', maxRetries: 0 });
    expect(changed?.parameters?.restart).toEqual({ name: 'always', maxRetries: 0 });
    await controls.setRestart(id, no);
  });
}

function createFacts({ harness, host, newContainer }: Setting): void {
  test('a list has those with all of the labels, and the ports of those that run', async () => {
    const { containers, controls } = host();
    const [hostPort] = harness().ports;
    for (const { id } of await containers.list({ 'dev.slipway.instance': 'contract' })) await controls.stop(id, 0);
    const ports = [{ hostIp: '', hostPort, containerPort: 80, protocol: 'tcp' as const }];
    const wanted = newContainer({ ports });
    const { id } = await containers.create(wanted);
    await containers.create(newContainer());
    const list = await containers.list(wanted.labels);
    expect(list).toMatchObject([{ id, name: wanted.name, image: wanted.image, status: 'created', ports: [] }]);
    expect(list[0]?.labels).toMatchObject(wanted.labels);
    await controls.start(id);
    const [up] = await containers.list(wanted.labels);
    expect(up).toMatchObject({ status: 'running', ports: [{ hostIp: '127.0.0.1', hostPort, containerPort: 80 }] });
    expect((await containers.list()).length).toBeGreaterThan(1);
    expect(await containers.list({ ...wanted.labels, 'dev.slipway.instance': 'other' })).toEqual([]);
    await controls.stop(id, 0);
  });

  test('what was asked for twice is created once, and a name of somebody else is not taken', async () => {
    const { containers } = host();
    const wanted = newContainer();
    const { id } = await containers.create(wanted);
    expect((await containers.create(wanted)).id).toBe(id);
    expect(await containers.list(wanted.labels)).toHaveLength(1);
    const foreign = { ...wanted, labels: { 'dev.slipway.instance': 'other' } };
    expect(await failureOf(containers.create(foreign))).toMatchObject({ code: 'owned-by-other', blame: 'host' });
  });

  test('mounts have to exist, except volumes of our own', async () => {
    const { containers, volumes } = host();
    const volume = `slipway-contract-${process.pid}`;
    const mount = { kind: 'volume' as const, source: volume, target: '/data', readOnly: false, external: true };
    const missing = newContainer({ mounts: [mount] });
    expect(await failureOf(containers.create(missing))).toMatchObject({ code: 'volume-missing', blame: 'run-file' });
    expect(await volumes.exists(volume)).toBe(false);
    const bind = { ...mount, kind: 'bind' as const, source: '/no/such/folder', external: false };
    const unbound = newContainer({ mounts: [bind] });
    expect(await failureOf(containers.create(unbound))).toMatchObject({ code: 'bind-missing', blame: 'run-file' });
    const { id } = await containers.create(newContainer({ mounts: [{ ...mount, external: false }] }));
    expect(await volumes.exists(volume)).toBe(true);
    expect((await containers.inspect(id))?.volumes).toEqual([{ volume, target: '/data' }]);
    await volumes.create(volume, {});
    expect(await containers.create(missing)).toMatchObject({ id: expect.any(String) });
  });

  test('an image that is not there cannot be run', async () => {
    const { containers } = host();
    expect(await failureOf(containers.create(newContainer({}, { image: harness().missing })))).toMatchObject({
      code: 'image-pull-failed',
      retryable: true,
    });
  });

  test('it reads back as it was created', async () => {
    const { containers } = host();
    const wanted = newContainer({
      environment: { A: { value: '$1=x', secret: true, written: '${A}' } },
      healthcheck: {
        disabled: false,
        test: ['CMD', 'true'],
        interval: 1e9,
        timeout: null,
        startPeriod: null,
        startInterval: null,
        retries: 2,
      },
      restart: no,
      stopGracePeriod: 1500,
      labels: { a: 'b' },
    });
    const { id } = await containers.create(wanted);
    const found = await containers.inspect(id, wanted);
    expect(found?.parameters).toEqual(wanted.parameters);
    expect(found?.further).toEqual([]);
    expect(found).toMatchObject({ name: wanted.name, image: wanted.image, digests: [harness().image] });
    expect((await containers.inspect(wanted.name))?.id).toBe(id);
  });
}

function imageFacts({ harness, host }: Setting): void {
  const pull = (reference: string, credentials: PullCredentials | null) =>
    failureOf(host().images.pull(reference, credentials, never));

  test('an image is pulled by its digest, and found by it', async () => {
    const { image } = harness();
    const found = await host().images.find(image);
    expect(found?.digests).toEqual([image]);
    expect(found).toMatchObject({ volumes: [], entrypoint: null });
    expect((await host().images.find(found?.id ?? ''))?.id).toBe(found?.id);
    expect(await host().images.find(harness().missing)).toBeNull();
  });

  test('a pull that fails says whether it may succeed later', async () => {
    const { missing, image, credentials, unreachable } = harness();
    expect(await pull(missing, credentials)).toMatchObject({ code: 'registry-refused', retryable: false });
    expect(await pull(unreachable, credentials)).toMatchObject({ code: 'image-pull-failed', retryable: true });
    expect(await pull('no-digest:1', credentials)).toMatchObject({ code: 'internal' });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(host().images.pull(image, credentials, stopped)).rejects.toThrow('stopped');
  });

  test('an image gets a local name, which can be removed', async () => {
    const { images } = host();
    const name = `slipway.local/contract:${process.pid}`;
    const { image, missing } = harness();
    await images.tag(image, name);
    expect((await images.find(name))?.id).toBe((await images.find(image))?.id);
    expect(await images.remove(name)).toBe(true);
    expect(await images.remove(name)).toBe(true);
    expect(await images.find(name)).toBeNull();
    expect(await images.find(image)).not.toBeNull();
    expect(await failureOf(images.tag(missing, name))).toMatchObject({ code: 'image-pull-failed' });
  });
}
