import { interruptionSeconds } from '../../../src/decide/interruption.js';
import { deployStage, type DeployStage } from '../../support/deploy-stage.js';

const step = (name: string, host: string, startedAt: number) => ({
  name,
  host,
  startedAt,
  finishedAt: startedAt + 9_000,
});
const replacing = (host: string, at: number) => step('replace: another container runs in its place', host, at);
const starting = (host: string, at: number) => step('verify: it has just started', host, at);
const answer = (at: number, ok: boolean) => ({
  ...({ via: 'host', url: 'http://a', status: 200, answer: '1', expected: '2' } as const),
  ...{ at, ok },
});
const host = (name: string, ...verifications: ReturnType<typeof answer>[]) =>
  ({ host: name, state: 'done', verifications }) as const;

test('it ends with the first right answer after the stop', () => {
  const hosts = [host('a', answer(900, true), answer(2_500, false), answer(5_240, true))];
  expect(interruptionSeconds([{ hosts, steps: [replacing('a', 1_000), starting('a', 1_500)] }], 'a')).toBe(4.2);
});

test('it ends with the start of a container that is not asked', () => {
  const steps = [replacing('a', 1_000), starting('a', 1_700)];
  expect(interruptionSeconds([{ hosts: [host('a')], steps }], 'a')).toBe(0.7);
});

test('the newest of the host counts, then that of another host, then none', () => {
  const of = (name: string, ms: number) => ({ hosts: [], steps: [replacing(name, 0), starting(name, ms)] });
  expect(interruptionSeconds([of('b', 300), of('a', 200), of('a', 100)], 'a')).toBe(0.2);
  expect(interruptionSeconds([of('b', 300), of('a', 200)], 'c')).toBe(0.3);
  expect(interruptionSeconds([{ hosts: [], steps: [step('replace: it does not run', 'a', 0)] }], 'a')).toBeNull();
});

describe('a deployment', () => {
  let stage: DeployStage;
  beforeEach(async () => void (stage = await deployStage(['a'])));
  afterEach(() => stage.close());

  test('measures it where it replaces a container', async () => {
    const first = await stage.deploy(1);
    expect(interruptionSeconds([first], 'a')).toBeNull();
    const seconds = interruptionSeconds([await stage.deploy(2)], 'a');
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(5);
  });
});
