import fc from 'fast-check';
import type { Balancer } from '../../../../src/balancer/contract.js';
import type { Host } from '../../../../src/hosts/contract.js';
import type { Deployment } from '../../../../src/model/deployment.js';
import type { HaproxySettings } from '../../../../src/model/environment.js';
import type { DeployDeps } from '../../../../src/pipeline/deploy/deps.js';
import { Stopped } from '../../../../src/pipeline/deploy/stopped.js';
import { workOn } from '../../../../src/pipeline/deploy/work-on.js';
import { live } from '../../../contracts/store-samples.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';

const deadStream = (): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Stopped('lost')) }),
});

/** Counts calls, and lets none do or record anything from one of them on, as if the process had died. */
class Mortality {
  calls = 0;
  /** Ends what would go on trying. */
  readonly death = new AbortController();

  constructor(private readonly deathAt: number) {}

  get dead(): boolean {
    return this.calls >= this.deathAt;
  }

  /** Wraps every method of an object, and of the objects in it. */
  wrap<T extends object>(whole: T, counts: boolean): T {
    return new Proxy(whole, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member === 'object' && member !== null && !(member instanceof Map)) return this.wrap(member, counts);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          if (this.dead) {
            this.death.abort();
            return name === 'logs' ? deadStream() : Promise.reject(new Stopped('lost'));
          }
          if (counts) this.calls += 1;
          return Reflect.apply(member, target, given);
        };
      },
    });
  }
}

const crashing = ['crash'];
const balancer: HaproxySettings = {
  ...({ kind: 'haproxy', sockets: [], stateFile: null, backend: 'app', servers: new Map() } as const),
  address: null,
};

/** Runs attempts until the deployment has ended; the process of the first one dies at a call. Resolves with the calls that it made. */
async function runWithDeath(stage: DeployStage, id: string, deathAt: number): Promise<readonly [Deployment, number]> {
  const { store } = stage.temp;
  const mortality = new Mortality(deathAt);
  const hosts = new Map([...stage.hosts].map(([name, host]) => [name, mortality.wrap<Host>(host, true)]));
  const deps: DeployDeps = {
    ...stage.deps,
    hosts: { find: async (_, name) => hosts.get(name) ?? null },
    balancers: { find: async () => mortality.wrap<Balancer>(stage.balancer, true) },
    store: { ...store, deployments: mortality.wrap(store.deployments, false) },
  };
  await live(store, 'mortal');
  const claimed = await store.deployments.claim(id, 'mortal', Date.now());
  if (claimed === null) throw new Error('it is not claimed');
  await workOn(claimed, deps, mortality.death.signal);
  const { calls } = mortality;
  const now = await store.deployments.get(id);
  if (now?.finishedAt !== null) return [now as Deployment, calls];
  stage.temp.endLeases();
  await live(store, 'heir');
  await store.housekeeping.recover('heir');
  return [await stage.attempt(id), calls];
}

const up = (running: readonly string[] = []): readonly string[] => running.filter((one) => !one.startsWith('('));

interface Case {
  /** Behind a balancer, which switches. */
  readonly switches: boolean;
  readonly crashes: boolean;
  readonly status: Deployment['status'];
  readonly runs: string;
}
const cases: readonly Case[] = [
  { crashes: false, switches: false, status: 'succeeded', runs: '2 always' },
  { crashes: true, switches: false, status: 'rolled-back', runs: '1 always' },
  { crashes: false, switches: true, status: 'succeeded', runs: '2 always' },
  { crashes: true, switches: true, status: 'failed', runs: '1 always' },
];

async function ends({ crashes, switches, status, runs }: Case, deathAt: number): Promise<number> {
  const stage = await deployStage();
  try {
    stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, settle: 4, start: 400 } };
    if (switches) stage.environment = { ...stage.environment, strategy: 'blue-green', gate: 'switch', balancer };
    for (const host of stage.hosts.values()) host.program(crashing, { exit: 1 });
    await stage.deploy(1);
    const id = await stage.ask(2, crashes ? { specification: kept(2, { command: crashing }) } : {});
    const [deployment, calls] = await runWithDeath(stage, id, deathAt);
    const running = await stage.running();
    expect([deployment.status, up(running['a']), up(running['b'])]).toEqual([status, [runs], [runs]]);
    if (switches) {
      const states = [...(await stage.balancer.observe('app')).values()].map(({ state }) => state);
      expect(states.sort()).toEqual(['active', 'drained']);
    }
    return calls;
  } finally {
    await stage.close();
  }
}

describe.each(cases)('a release that is $status (behind a balancer: $switches)', (one) => {
  test('is that wherever the process dies on its way, and one container runs on each host', async () => {
    const all = await ends(one, Infinity);
    expect(all).toBeGreaterThan(20);
    const deaths = Number(process.env['DEPLOY_DEATHS'] ?? 6);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: all }), async (deathAt) => void (await ends(one, deathAt))),
      { numRuns: deaths },
    );
  }, 120_000);
});
