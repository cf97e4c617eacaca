import type { Host } from '../../../../src/hosts/contract.js';
import { deployStage, kept, parameters, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { runOn } from '../../../support/own-containers.js';

let stage: DeployStage;
beforeEach(async () => {
  stage = await deployStage();
  stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, settle: 4, start: 400 } };
  for (const host of stage.hosts.values()) host.program(['crash'], { exit: 1 });
  await stage.deploy(1);
});
afterEach(() => stage.close());

/** Calls `happens` before the call of that number, counted over all hosts. */
function atCall(number: number, happens: () => void) {
  const counted = { calls: 0 };
  const wrap = <T extends object>(whole: T): T =>
    new Proxy(whole, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member === 'object' && member !== null && !(member instanceof Map)) return wrap(member);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          counted.calls += 1;
          if (counted.calls === number) happens();
          return Reflect.apply(member, target, given);
        };
      },
    });
  const hosts = new Map([...stage.hosts].map(([name, host]) => [name, wrap<Host>(host)]));
  Object.assign(stage.deps, { hosts: { find: async (_: string, name: string) => hosts.get(name) ?? null } });
  return counted;
}

const up = (running: readonly string[] = []) => running.filter((one) => !one.startsWith('('));
const points = [1, 4, 8, 12, 16, 18, 20, 21, 22, 23, 24, 25, 26, 28, 30, 32, 34, 36, 40, 44];
const crashing = { specification: kept(2, { command: ['crash'] }) };

describe('a server that stops', () => {
  test.each(points)('before call %d leaves a container on each host, and the next one goes on', async (point) => {
    const stopping = new AbortController();
    const id = await stage.ask(2);
    atCall(point, () => stopping.abort());
    const first = await stage.attempt(id, stopping.signal);
    const then = await stage.running();
    expect([up(then['a']).length, up(then['b']).length]).toEqual([1, 1]);
    const last = first.finishedAt === null ? await stage.attempt(id) : first;
    const now = await stage.running();
    expect([last.status, up(now['a']), up(now['b'])]).toEqual(['succeeded', ['2 always'], ['2 always']]);
  });

  test.each([20, 23, 26, 29, 32, 36, 40])('before call %d while the new one crashes, too', async (point) => {
    const stopping = new AbortController();
    const id = await stage.ask(2, crashing);
    atCall(point, () => stopping.abort());
    const first = await stage.attempt(id, stopping.signal);
    const then = await stage.running();
    expect([up(then['a']), up(then['b'])]).toEqual([['1 always'], ['1 always']]);
    const last = first.finishedAt === null ? await stage.attempt(id) : first;
    const now = await stage.running();
    expect([last.status, up(now['a']), up(now['b'])]).toEqual(['rolled-back', ['1 always'], ['1 always']]);
  });
});

test('a service that is stopped keeps its time although the server stops, and the next one ends the ticket', async () => {
  const a = stage.hosts.get('a') as FakeHost;
  const stopping = new AbortController();
  const graces: number[] = [];
  const stop = a.controls.stop.bind(a.controls);
  Object.assign(a.controls, {
    stop: (_: string, grace: number) => {
      graces.push(grace);
      stopping.abort();
      return new Promise(() => undefined);
    },
  });
  const id = await stage.ask(1, { kind: 'stop' });
  expect((await stage.attempt(id, stopping.signal)).finishedAt).toBeNull();
  expect(graces).toEqual([10_000]);
  Object.assign(a.controls, { stop });
  expect((await stage.attempt(id)).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['(1 no)'], b: ['(1 no)'] });
});

describe('a server that stops while a ticket takes the place of a foreign container', () => {
  beforeEach(async () => {
    await stage.close();
    stage = await deployStage(['a']);
    stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, settle: 4, start: 400 } };
    const [host] = [...stage.hosts.values()];
    host?.program(['crash'], { exit: 1 });
    const restart = { name: 'always', maxRetries: 0 } as const;
    await runOn(host as FakeHost, { name: 'legacy', parameters: parameters(), restart });
  });

  test.each([6, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24])(
    'before call %d leaves that or the new one running, and the next one goes on',
    async (point) => {
      for (const crashes of [true, false]) {
        const stopping = new AbortController();
        const id = await stage.ask(2, { adopt: ['legacy'], ...(crashes && crashing) });
        atCall(point, () => stopping.abort());
        const first = await stage.attempt(id, stopping.signal);
        expect(up((await stage.running())['a'])).toHaveLength(1);
        const last = first.finishedAt === null ? await stage.attempt(id) : first;
        expect(last.status).toBe(crashes ? 'failed' : 'succeeded');
      }
    },
  );
});

describe('a machine that starts again', () => {
  test.each(points)('before call %d changes nothing of how it ends', async (point) => {
    const id = await stage.ask(2);
    atCall(point, () => stage.hosts.get('a')?.reboot());
    const { status } = await stage.attempt(id);
    expect([status, await stage.running()]).toEqual([
      'succeeded',
      { a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] },
    ]);
    stage.hosts.get('a')?.reboot();
    expect((await stage.running())['a']).toEqual(['(1 no)', '2 always']);
  });
});
