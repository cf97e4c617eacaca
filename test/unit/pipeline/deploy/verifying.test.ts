import type { Healthcheck, RestartPolicy } from '../../../../src/model/parameters.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
let a: FakeHost;
beforeEach(async () => {
  stage = await deployStage(['a']);
  a = stage.hosts.get('a') as FakeHost;
});
afterEach(() => stage.close());

const unsaid = { interval: null, timeout: null, startPeriod: null, startInterval: null, retries: null };
const healthcheck: Healthcheck = { disabled: false, test: ['CMD', 'true'], ...unsaid };
const checked = { specification: kept(2, { healthcheck }) };
const sayHealth = (health: 'healthy' | 'unhealthy') => {
  const running = [...a.all.values()].find(({ container }) => container.labels['dev.slipway.release'] === '2');
  if (running?.status === 'running') a.setHealth(running.container.name, health);
};
const soon = (health: 'healthy' | 'unhealthy') => {
  const timer = setInterval(() => sayHealth(health), 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};
const startWithin = (start: number) => {
  stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, start } };
};

describe('a health check', () => {
  test('that is passed verifies', async () => {
    using _ = soon('healthy');
    expect((await stage.deploy(2, checked)).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['2 always'] });
  });

  test.each(['unhealthy', 'starting'] as const)('that says %s until the time is over does not', async (said) => {
    startWithin(100);
    await stage.deploy(1);
    using _ = said === 'unhealthy' ? soon(said) : null;
    const { status, error, steps } = await stage.deploy(2, checked);
    expect([status, error?.code]).toEqual(['rolled-back', 'verification-timeout']);
    const failed = steps.filter((step) => step.failed).map(({ name }) => name.replace(/:.*/, ''));
    expect(failed).toEqual(['replace', 'verify']);
    expect(error?.message).toContain(`its health check says ${said}`);
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'] });
  });
});

describe('the restart policy', () => {
  const policies: readonly RestartPolicy[] = [
    { name: 'no', maxRetries: 0 },
    { name: 'on-failure', maxRetries: 3 },
    { name: 'unless-stopped', maxRetries: 0 },
  ];
  test.each(policies)('$name of the run file is that of the verified container', async (restart) => {
    const specification = kept(2, { restart });
    await stage.deploy(1);
    expect((await stage.deploy(2, { specification })).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['(1 no)', `2 ${restart.name}`] });
    expect([...a.all.values()].at(-1)?.restart).toEqual(restart);
    const calls = a.transcript.length;
    expect((await stage.deploy(2, { specification })).status).toBe('succeeded');
    expect(a.transcript.slice(calls).filter((line) => /^(create|start|stop|setRestart) /.test(line))).toEqual([]);
    expect((await stage.deploy(3)).status).toBe('succeeded');
    expect((await stage.running())['a']).toContain('(2 no)');
  });
});

test('one that has crashed and is up again without an answer when the time is over has crashed', async () => {
  startWithin(150);
  a.program(['late'], { exit: 7 });
  onCall(a.controls, 'start', () => onCall(a.controls, 'start', () => a.program(['late'], {})));
  const { error } = await stage.deploy(2, { specification: kept(2, { command: ['late'] }, { verify: {} }) });
  expect([error?.code, error?.message]).toEqual(['container-crashed', expect.stringContaining('exit code 7')]);
});

test('one that has answered and ended has crashed, also if its next start takes until the time is over', async () => {
  startWithin(150);
  stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, settle: 400 } };
  stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'right' });
  const { askHttp } = stage.deps;
  const crash = (): void => a.all.forEach(({ container }) => a.crash(container.name, 7));
  Object.assign(stage.deps, {
    askHttp: (...given: Parameters<typeof askHttp>) => askHttp(...given).finally(crash),
  });
  const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 200));
  onCall(a.controls, 'start', () => onCall(a.controls, 'start', slowly), 'after');
  const { error } = await stage.deploy(2, { specification: kept(2, {}, { verify: { expect: 'right' } }) });
  expect([error?.code, error?.message]).toEqual(['container-crashed', expect.stringContaining('exit code 7')]);
});
