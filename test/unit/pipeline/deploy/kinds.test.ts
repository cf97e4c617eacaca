import type { Deployment, NewDeployment } from '../../../../src/model/deployment.js';
import type { PublishedPort } from '../../../../src/model/parameters.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
let b: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  [a, b] = [...stage.hosts.values()] as [FakeHost, FakeHost];
  await stage.deploy(1);
});
afterEach(() => stage.close());

const desired = async () => {
  const found = await stage.temp.store.deployments.desired('production', 'app');
  return found && [found.release.number, found.wanted, found.behind];
};
const act = (kind: NewDeployment['kind'], over: Partial<NewDeployment> = {}) => stage.deploy(1, { kind, ...over });
const changesOf = (host: FakeHost, since: number) =>
  host.transcript.slice(since).flatMap((line) => {
    const [call = ''] = line.split(' ');
    return /^(create|start|stop|setRestart|remove|removeName|pull|tag)$/.test(call) ? [call] : [];
  });
const errorOf = ({ status, error }: Deployment) => [status, error?.code, error?.host];
const only = (host: FakeHost) => [...host.all.values()][0];

describe('a restart', () => {
  test('starts the container of each host again, one host after another', async () => {
    const [calls, others] = [a.transcript.length, b.transcript.length];
    const before = [only(a)?.startedAt ?? 0, only(b)?.startedAt ?? 0] as const;
    const running: boolean[] = [];
    const { controls } = b;
    const stop = controls.stop.bind(controls);
    Object.assign(controls, {
      stop: (id: string, graceMs: number) => {
        running.push(only(a)?.status === 'running' && (only(a)?.startedAt ?? 0) > before[0]);
        return stop(id, graceMs);
      },
    });
    expect((await act('restart')).status).toBe('succeeded');
    expect(changesOf(a, calls)).toEqual(['stop', 'start']);
    expect(changesOf(b, others)).toEqual(['stop', 'start']);
    expect(running).toEqual([true]);
    expect(only(b)?.startedAt).toBeGreaterThan(before[1]);
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
    expect(await desired()).toEqual([1, 'running', []]);
  });

  test('that fails on the first host does not touch the second, and blocks nothing', async () => {
    const calls = b.transcript.length;
    Object.assign(only(a)?.container.parameters ?? {}, { command: ['crash'] });
    a.program(['crash'], { exit: 1 });
    expect(errorOf(await act('restart'))).toEqual(['failed', 'container-crashed', 'a']);
    expect(changesOf(b, calls)).toEqual([]);
    const verdicts = await stage.temp.store.deployments.verdicts('app', [1]);
    expect(verdicts.get('production')?.get(1)).toMatchObject({ verdict: 'verified', blocked: false });
    expect(await desired()).toMatchObject([1, 'running', ['a']]);
  });
});

describe('a stop', () => {
  test('leaves nothing that a reboot would bring back, and keeps the containers', async () => {
    expect((await act('stop')).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['(1 no)'], b: ['(1 no)'] });
    a.reboot();
    expect((await stage.running())['a']).toEqual(['(1 no)']);
    expect(await desired()).toEqual([1, 'stopped', []]);
  });

  test('removes nothing that was kept', async () => {
    stage.environment = { ...stage.environment, keep: 1 };
    await stage.deploy(2);
    await stage.deploy(2, { kind: 'stop' });
    expect(await stage.running()).toEqual({ a: ['(1 no)', '(2 no)'], b: ['(1 no)', '(2 no)'] });
  });

  test('is ended by a start', async () => {
    await act('stop');
    const calls = a.transcript.length;
    expect((await act('start')).status).toBe('succeeded');
    expect(changesOf(a, calls)).toEqual(['start', 'setRestart']);
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
    expect(await desired()).toEqual([1, 'running', []]);
  });

  test('a start that fails leaves it stopped', async () => {
    await act('stop');
    for (const host of [a, b]) host.fail('start', 'container-start-failed', 1);
    expect(errorOf(await act('start'))).toEqual(['failed', 'container-start-failed', 'a']);
    expect(await stage.running()).toEqual({ a: ['(1 no)'], b: ['(1 no)'] });
    expect(await desired()).toEqual([1, 'stopped', []]);
  });

  test('that leaves out a host names it', async () => {
    b.setAway(true);
    expect((await act('stop')).status).toBe('succeeded');
    expect(await desired()).toEqual([1, 'stopped', ['b']]);
  });
});

describe('what is removed', () => {
  test('is stopped for good, and desired no more', async () => {
    const calls = a.transcript.length;
    expect((await act('stop', { removes: true })).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['(1 no)'], b: ['(1 no)'] });
    expect(changesOf(a, calls)).toEqual(['setRestart', 'stop']);
    expect(await desired()).toBeNull();
  });

  test('is only stopped while a host is away, with a warning', async () => {
    b.setAway(true);
    const { status, warnings } = await act('stop', { removes: true });
    expect([status, warnings.join()]).toEqual(['succeeded', expect.stringContaining('remove it again')]);
    expect(await desired()).toEqual([1, 'stopped', ['b']]);
  });
});

describe('a rollback', () => {
  const on = (hostPort: number): readonly PublishedPort[] => [
    { hostIp: '', hostPort, containerPort: 80, protocol: 'tcp' },
  ];
  const portsOf = async (host: FakeHost) =>
    (await host.containers.list()).flatMap(({ ports }) => ports.map(({ hostPort }) => hostPort));
  const back = () => stage.deploy(1, { kind: 'rollback' });

  test('starts what was kept, with its former parameters', async () => {
    await stage.deploy(2, { specification: kept(2, { ports: on(8888) }) });
    expect(await portsOf(a)).toEqual([8888]);
    const calls = a.transcript.length;
    expect((await back()).status).toBe('succeeded');
    expect(await portsOf(a)).toEqual([8080]);
    expect(changesOf(a, calls).filter((call) => /^(create|pull)$/.test(call))).toEqual([]);
    expect(await stage.running()).toMatchObject({ a: ['1 always', '(2 no)'] });
    expect(await desired()).toEqual([1, 'running', []]);
  });

  test('creates again what somebody removed', async () => {
    await stage.deploy(2, { specification: kept(2, { ports: on(8888) }) });
    const old = [...a.all.values()].find(({ container }) => container.labels['dev.slipway.release'] === '1');
    await a.containers.remove(old?.id ?? '');
    expect((await back()).status).toBe('succeeded');
    expect(await portsOf(a)).toEqual([8080]);
    expect(await stage.running()).toMatchObject({ a: ['(2 no)', '1 always'], b: ['1 always', '(2 no)'] });
  });
});
