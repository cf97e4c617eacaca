/** Ways back on which a host or the balancer is away, and attempts that find a host away that was changed before. */
import { SlipwayError } from '../../../../src/errors.js';
import type { Environment, HaproxySettings } from '../../../../src/model/environment.js';
import { must } from '../../../support/app.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
afterEach(() => stage.close());

const behind: HaproxySettings = {
  ...({ kind: 'haproxy', sockets: [], stateFile: null, backend: 'app', servers: new Map() } as const),
  address: 'http://app.test',
};
const timeouts = { reach: 150, pull: 150, start: 500, settle: 20, drain: 20, drainMax: 200, soak: 60 };
/** Release 1 runs on a and b. With blue-green b is active. */
async function open(strategy: Environment['strategy'], balancer: HaproxySettings | null = behind): Promise<void> {
  stage = await deployStage(['a', 'b'], strategy === 'rolling' ? ['a', 'b'] : ['a']);
  stage.environment = { ...stage.environment, strategy, balancer, timeouts };
  expect((await stage.deploy(1)).status).toBe('succeeded');
}
const on = (name: string): FakeHost => must(stage.hosts.get(name));
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries([...(await stage.balancer.observe('app'))].map(([name, { state }]) => [name, state]));
const crashing = { specification: kept(2, { command: ['crash'] }) };
/** Release 2, which the hosts answer with and the balancer never does. */
const unseen = { specification: kept(2, {}, { verify: { expect: 'two' } }) };
function answerWrongly(): void {
  for (const address of ['127.0.0.1:8080', '127.0.0.2:8080'])
    stage.answers.set(address, { status: 200, headers: {}, body: 'two' });
  stage.answers.set('app.test', { status: 200, headers: {}, body: 'one' });
}
/** A failed attempt rests for a second before the next one. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 1_100));

test('with rolling a balancer that is away on the way back is waited for, and the host gets its requests again', async () => {
  await open('rolling');
  on('a').program(['crash'], { exit: 1 });
  const id = await stage.ask(2, crashing);
  onCall(stage.balancer, 'enable', () => stage.balancer.setAway(true));
  expect(await stage.attempt(id)).toMatchObject({ status: 'pending', turnedBack: 'failed' });
  stage.balancer.setAway(false);
  expect(await states()).toEqual({ a: 'drained', b: 'active' });
  await rest();
  expect(await stage.attempt(id)).toMatchObject({ status: 'rolled-back', error: { code: 'container-crashed' } });
  expect(await states()).toEqual({ a: 'active', b: 'active' });
  expect((await stage.temp.store.deployments.desired('production', 'app'))?.behind).toEqual([]);
});

test('a host that could not take over at first takes over once it has what it had', async () => {
  await open('blue-green');
  answerWrongly();
  const ask = stage.deps.askHttp;
  let isBroken = false;
  const breaks: typeof ask = async (asked, signal) => {
    if (asked.url.host === 'app.test' && !isBroken) {
      isBroken = true;
      // What is active cannot be changed any more, and what was active before does not start the first time.
      on('a').setAway(true);
      for (const { container, status } of on('b').all.values())
        if (status === 'running') on('b').crash(container.name, 9);
      on('b').fail('start', 'port-in-use');
    }
    return ask(asked, signal);
  };
  Object.assign(stage.deps, { askHttp: breaks });
  const { error, warnings } = await stage.deploy(2, unseen);
  expect([isBroken, error?.code]).toEqual([true, 'version-mismatch']);
  expect(warnings.join('\n')).toContain('The balancer could not be switched back');
  expect(await states()).toEqual({ a: 'drained', b: 'active' });
  expect((await stage.running())['b']).toContain('1 always');
});

test('a host that was changed before it went away is known to be behind when the others go back', async () => {
  await open('rolling', null);
  on('b').program(['crash'], { exit: 1 });
  const stopping = new AbortController();
  const id = await stage.ask(2, crashing);
  onCall(on('a').controls, 'setRestart', () => stopping.abort());
  expect((await stage.attempt(id, stopping.signal)).hosts).toMatchObject([{ host: 'a', state: 'verifying' }, {}]);
  on('a').setAway(true);
  const { error, hosts } = await stage.attempt(id);
  expect(error).toMatchObject({ code: 'container-crashed', host: 'b' });
  expect(hosts.find(({ host }) => host === 'a')?.state).not.toBe('waiting');
  expect((await stage.temp.store.deployments.desired('production', 'app'))?.behind).toEqual(['a']);
});

describe('when somebody has drained the active host before the first change', () => {
  beforeEach(async () => {
    await open('blue-green');
    onCall(on('a').controls, 'setRestart', () => stage.balancer.set('app', 'b', { state: 'drained' }));
  });

  test('the next attempt makes one active', async () => {
    const id = await stage.ask(2);
    const stopping = new AbortController();
    onCall(stage.balancer, 'enable', () => {
      stopping.abort();
      throw new SlipwayError('balancer-unavailable', 'It is away.');
    });
    expect(await stage.attempt(id, stopping.signal)).toMatchObject({ status: 'pending', activeBefore: [] });
    expect(await states()).toEqual({ a: 'drained', b: 'drained' });
    expect((await stage.attempt(id)).status).toBe('succeeded');
    expect(Object.values(await states())).toContain('active');
  });

  test('the way back makes one active that runs what ran before, and says nothing of a fault', async () => {
    answerWrongly();
    const { error, warnings, activeBefore } = await stage.deploy(2, unseen);
    expect([error?.code, activeBefore]).toEqual(['version-mismatch', []]);
    expect(warnings.join('\n')).not.toContain('could not be switched back');
    expect(await states()).toEqual({ a: 'drained', b: 'active' });
  });
});
