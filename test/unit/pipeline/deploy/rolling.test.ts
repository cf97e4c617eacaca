import type { Deployment } from '../../../../src/model/deployment.js';
import { deployStage, imageOf, kept, never, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
let b: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  [a, b] = [...stage.hosts.values()] as [FakeHost, FakeHost];
});
afterEach(() => stage.close());

const crashing = ['crash'];
const crashes = { specification: kept(2, { command: crashing }) };
const errorOf = ({ status, error }: Deployment) => [status, error?.code, error?.host];
const desired = async () => {
  const found = await stage.temp.store.deployments.desired('production', 'app');
  return found && [found.release.number, found.wanted, found.behind];
};

describe('a deployment', () => {
  test('runs the release on every host, and marks it as what survives a reboot', async () => {
    expect(await stage.deploy(1)).toMatchObject({
      status: 'succeeded',
      error: null,
      hosts: [
        { host: 'a', state: 'done' },
        { host: 'b', state: 'done' },
      ],
    });
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
    expect(await desired()).toEqual([1, 'running', []]);
  });

  test('replaces what runs host by host, once every host is prepared', async () => {
    await stage.deploy(1);
    const before = a.transcript.length;
    const { status } = await stage.deploy(2);
    expect(status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] });
    const calls = a.transcript.slice(before).map((line) => line.split(' ')[0]);
    expect(calls.indexOf('stop')).toBeGreaterThan(calls.indexOf('create'));
    expect(calls[calls.indexOf('stop') + 1]).toBe('start');
  });

  test('of what runs already changes nothing', async () => {
    await stage.deploy(1);
    const before = await stage.running();
    const [calls, ids] = [a.transcript.length, [...a.all.values()].map(({ id }) => id)];
    const again = await stage.deploy(1, { specification: kept(1) });
    expect(again.status).toBe('succeeded');
    expect(await stage.running()).toEqual(before);
    expect([...a.all.values()].map(({ id }) => id)).toEqual(ids);
    const changing = a.transcript.slice(calls).filter((line) => /^(create|start|stop|setRestart|tag|pull) /.test(line));
    expect(changing).toEqual([]);
  });

  test('of the same release with other parameters replaces it', async () => {
    await stage.deploy(1);
    const environment = { LEVEL: { value: 'debug', secret: false, written: 'debug' } };
    expect((await stage.deploy(1, { specification: kept(1, { environment }) })).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
  });

  test('with another port needs nothing else', async () => {
    await stage.deploy(1);
    const ports = [{ hostIp: '', hostPort: 8888, containerPort: 80, protocol: 'tcp' as const }];
    expect((await stage.deploy(2, { specification: kept(1, { ports }) })).status).toBe('succeeded');
    expect(await stage.running()).toMatchObject({ a: ['(1 no)', '2 always'] });
  });

  test('keeps the newest older verified releases, and removes the others with their images', async () => {
    stage.environment = { ...stage.environment, keep: 1 };
    for (const number of [1, 2, 3]) await stage.deploy(number);
    expect(await stage.running()).toMatchObject({ a: ['(2 no)', '3 always'] });
    expect(a.transcript.filter((line) => line.startsWith('removeName'))).toHaveLength(1);
  });
});

describe('a release that crashes', () => {
  beforeEach(async () => {
    for (const host of [a, b]) host.program(crashing, { exit: 3, lines: [{ stream: 'stderr', text: 'no database' }] });
    await stage.deploy(1);
  });

  test('is started again three times, then what ran before runs again, and the other host was not touched', async () => {
    const [starts, others] = [a.transcript.length, b.transcript.length];
    const failed = await stage.deploy(2, crashes);
    expect(errorOf(failed)).toEqual(['rolled-back', 'container-crashed', 'a']);
    expect(failed.error?.message).toMatch(/exit code 3[^]*no database/);
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
    expect(await desired()).toEqual([1, 'running', []]);
    const newer = [...a.all.values()].find(({ container }) => container.labels['dev.slipway.release'] === '2');
    expect(a.transcript.slice(starts).filter((line) => line === `start ${newer?.id}`)).toHaveLength(4);
    expect(b.transcript.slice(others).filter((line) => /^(start|stop) /.test(line))).toEqual([]);
  });

  test('is blocked from then on', async () => {
    await stage.deploy(2, crashes);
    const verdicts = await stage.temp.store.deployments.verdicts('app', [2]);
    expect(verdicts.get('production')?.get(2)).toMatchObject({
      verdict: 'failed',
      blocked: true,
      code: 'container-crashed',
    });
  });

  test('is the last of two bad ones: the verified one runs again', async () => {
    await stage.deploy(2, crashes);
    expect(errorOf(await stage.deploy(3, { specification: kept(3, { command: crashing }) }))[0]).toBe('rolled-back');
    expect(await stage.running()).toMatchObject({ a: ['1 always', '(2 no)', '(3 no)'], b: ['1 always'] });
  });

  test('leaves its log where nothing ran before', async () => {
    const fresh = await deployStage(['a']);
    const [only] = [...fresh.hosts.values()];
    only?.program(crashing, { exit: 3 });
    const failed = await fresh.deploy(2, crashes);
    expect(errorOf(failed)).toEqual(['failed', 'container-crashed', 'a']);
    expect(await fresh.running()).toEqual({ a: ['(2 no)'] });
    expect(await fresh.temp.store.deployments.desired('production', 'app')).toBeNull();
    await fresh.close();
  });

  test('does not take the way back with it where somebody removed the old container', async () => {
    const old = [...a.all.values()].find(({ container }) => container.labels['dev.slipway.release'] === '1');
    a.program(crashing, { exit: 3 });
    const removing = { ...a.controls };
    Object.assign(a.controls, {
      stop: async (id: string, graceMs: number) => {
        const stopped = await removing.stop(id, graceMs);
        if (id === old?.id) await a.containers.remove(id);
        return stopped;
      },
    });
    expect(errorOf(await stage.deploy(2, crashes))[0]).toBe('rolled-back');
    expect(await stage.running()).toMatchObject({ a: ['(2 no)', '1 always'] });
  });
});

describe('the version', () => {
  const verify = { path: '/version', json: '/version' };
  const asked = (number: number) => ({ specification: kept(number, {}, { verify }) });
  const answer = (version: string) => ({ status: 200, headers: {}, body: JSON.stringify({ version }) });

  test('is asked and noted', async () => {
    stage.answers.set('127.0.0.1:8080', answer('1.1'));
    const { status, hosts } = await stage.deploy(1, asked(1));
    expect(status).toBe('succeeded');
    expect(hosts[0]?.verifications).toMatchObject([
      { via: 'host', url: 'http://127.0.0.1:8080/version', status: 200, answer: '1.1', expected: '1.1', ok: true },
    ]);
  });

  test('that is the old one is a mismatch, and the old release runs again', async () => {
    stage.answers.set('127.0.0.1:8080', answer('1.1'));
    await stage.deploy(1, asked(1));
    stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, start: 100 } };
    const failed = await stage.deploy(2, asked(2));
    expect(errorOf(failed)).toEqual(['rolled-back', 'version-mismatch', 'a']);
    expect(failed.error?.message).toMatch(/"1\.1" instead of "1\.2"/);
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
  });

  test('that nobody answers with is waited for until the time is over', async () => {
    stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, start: 100 } };
    expect(errorOf(await stage.deploy(1, asked(1)))).toEqual(['failed', 'verification-timeout', 'a']);
  });

  test('that nobody asks for is a warning', async () => {
    const { warnings } = await stage.deploy(1);
    expect(warnings.join()).toContain('version-not-asked');
  });
});

describe('before anything is touched', () => {
  beforeEach(async () => void (await stage.deploy(1)));
  const touched = async (host: FakeHost, number: number) => {
    const before = host.transcript.length;
    const failed = await stage.deploy(number);
    return [failed, host.transcript.slice(before).filter((line) => /^(start|stop|setRestart) /.test(line))] as const;
  };

  test('an image that the registry does not have ends it', async () => {
    Object.assign(stage.deps.registry, { manifest: async () => null });
    const [failed, calls] = await touched(a, 2);
    expect([failed.status, failed.error?.code, calls]).toEqual(['failed', 'registry-refused', []]);
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
  });

  test('so does a port that a program outside of Docker has', async () => {
    stage.answering.add('127.0.0.1:9090');
    const ports = [{ hostIp: '', hostPort: 9090, containerPort: 80, protocol: 'tcp' as const }];
    const failed = await stage.deploy(2, { specification: kept(2, { ports }) });
    expect(errorOf(failed)).toEqual(['failed', 'port-in-use', 'a']);
  });

  test('so does one host of two that cannot pull', async () => {
    b.fail('pull', 'registry-refused', 9);
    const [failed, calls] = await touched(a, 2);
    expect([failed.status, failed.error?.code, failed.error?.host, calls]).toEqual([
      'failed',
      'registry-refused',
      'b',
      [],
    ]);
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
  });

  test('a pull that fails for a while is tried again', async () => {
    b.fail('pull', 'image-pull-failed', 2);
    expect((await stage.deploy(2)).status).toBe('succeeded');
  });
});

describe('somebody else', () => {
  test('on the port is named, and never touched', async () => {
    a.offer(imageOf(9, 'other'));
    await a.images.pull(imageOf(9, 'other'), null, never);
    const { parameters } = kept(1);
    const other = {
      name: 'legacy',
      image: imageOf(9, 'other'),
      labels: {},
      parameters,
      publish: null,
      takeOver: [],
    };
    const { id } = await a.containers.create({ ...other, restart: { name: 'always', maxRetries: 0 } });
    await a.controls.start(id);
    const failed = await stage.deploy(1);
    expect(errorOf(failed)).toEqual(['failed', 'port-in-use', 'a']);
    expect(failed.error?.message).toContain('legacy');
    expect(await stage.running()).toEqual({ a: ['legacy always'], b: [] });
    expect((await stage.deploy(1, { adopt: ['legacy'] })).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['(legacy no)', '1 always'], b: ['1 always'] });
  });

  test('runs again if what took its place fails', async () => {
    a.offer(imageOf(9, 'other'));
    await a.images.pull(imageOf(9, 'other'), null, never);
    const { parameters } = kept(1);
    const other = {
      name: 'legacy',
      image: imageOf(9, 'other'),
      labels: {},
      parameters,
      publish: null,
      takeOver: [],
    };
    const { id } = await a.containers.create({ ...other, restart: { name: 'always', maxRetries: 0 } });
    await a.controls.start(id);
    a.program(crashing, { exit: 1 });
    const failed = await stage.deploy(1, { adopt: ['legacy'], specification: kept(1, { command: crashing }) });
    expect(failed.status).toBe('failed');
    expect(await stage.running()).toMatchObject({ a: ['legacy always', '(1 no)'] });
  });

  test('with our labels without our seal ends it', async () => {
    a.offer(imageOf(1));
    await a.images.pull(imageOf(1), null, never);
    const labels = {
      'dev.slipway.instance': 'other',
      'dev.slipway.environment': 'production',
      'dev.slipway.service': 'app',
    };
    const { parameters, image } = kept(1, { ports: [] });
    await a.containers.create({
      name: 'x',
      image,
      labels,
      parameters,
      publish: null,
      takeOver: [],
      restart: { name: 'no', maxRetries: 0 },
    });
    expect(errorOf(await stage.deploy(1))).toEqual(['failed', 'owned-by-other', 'a']);
  });
});
