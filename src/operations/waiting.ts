import type { Clock } from '../clock.js';
import { gateOf } from '../decide/gates.js';
import type { Delivery } from '../model/delivery.js';
import type { Deployment } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { WaitingFor } from '../model/waiting-for.js';
import type { Hindrance, Store } from '../store/contract.js';
import type { Waiting, WaitingBuild } from './contract.js';
import { deploymentWaits } from './deployment-waits.js';

export interface WaitingDeps {
  readonly store: Pick<Store, 'builds' | 'looks' | 'housekeeping' | 'deployments' | 'holds'>;
  readonly clock: Clock;
  readonly concurrency: () => number;
  readonly environments: () => ReadonlyMap<string, Environment>;
  /** A sentence that says why no build may start for lack of disk space, or null. */
  readonly lowDisk: () => Promise<string | null>;
}

/** What queued builds, accepted deliveries and unfinished deployments wait for. A build that may start now waits for nothing. */
export function createWaiting(deps: WaitingDeps): Waiting {
  return {
    ofBuilds: async (builds) => {
      const queued = builds.filter(({ status }) => status === 'queued');
      return queued.length === 0 ? new Map() : waitingBuilds(queued, deps);
    },
    async positions(builds) {
      if (!builds.some(({ status }) => status === 'queued')) return new Map();
      const line = await deps.store.builds.line(deps.clock.now());
      return new Map(line.map((id, at) => [id, at + 1]));
    },
    async ofDeliveries(deliveries) {
      const accepted = deliveries.filter(({ status }) => status === 'accepted');
      if (accepted.length === 0) return new Map();
      const known = await deps.store.looks.waiting(accepted.map(lookOf));
      return new Map(
        accepted.flatMap((delivery): [string, WaitingFor][] => {
          const waiting = known.get(lookOf(delivery));
          return waiting ? [[delivery.id, waiting]] : [];
        }),
      );
    },
    async ofDeployments(deployments) {
      const open = deployments.filter(({ finishedAt }) => finishedAt === null);
      if (open.length === 0) return new Map();
      const [unfinished, now] = [await deps.store.deployments.unfinished(), deps.clock.now()];
      const gates = { environments: deps.environments(), holds: await deps.store.holds.inForce(now), now };
      const closed = (deployment: Deployment) => gateOf(deployment, gates);
      const concurrencyOf = (name: string) => deps.environments().get(name)?.concurrency ?? null;
      return new Map(
        open.flatMap((deployment): [string, WaitingFor][] => {
          const waiting = deploymentWaits(deployment, { unfinished, now, concurrencyOf, gateOf: closed });
          return waiting === null ? [] : [[deployment.id, waiting]];
        }),
      );
    },
  };
}

const lookOf = ({ id, joined = id }: Delivery): string => joined;

async function waitingBuilds(
  queued: readonly WaitingBuild[],
  { store, clock, concurrency, lowDisk }: WaitingDeps,
): Promise<ReadonlyMap<string, WaitingFor>> {
  const [hindrances, load, disk] = await Promise.all([
    store.builds.hindrances(queued.map(({ id }) => id)),
    store.housekeeping.load(),
    lowDisk(),
  ]);
  const [now, slots] = [clock.now(), concurrency()];
  const everybody = disk !== null ? lowDiskFor(disk) : load.running >= slots ? slotOf(slots) : null;
  return new Map(
    queued.flatMap((build): [string, WaitingFor][] => {
      const waiting = pauseOf(build, now) ?? hindranceOf(build, hindrances.get(build.id)) ?? everybody;
      return waiting ? [[build.id, waiting]] : [];
    }),
  );
}

function pauseOf({ attempt, waitedOut, notBefore }: WaitingBuild, now: number): WaitingFor | null {
  if (notBefore <= now) return null;
  if (attempt > 0 && waitedOut !== null) return { ...waitedOut, until: notBefore };
  const message = 'Pushes to the branch follow each other closely; the build starts when they pause.';
  return { code: 'burst', message, until: notBefore };
}

function hindranceOf({ service }: WaitingBuild, hindrance: Hindrance | undefined): WaitingFor | null {
  if (hindrance === undefined) return null;
  const { code, by } = hindrance;
  const message =
    code === 'service-busy'
      ? `Build ${by} of ${service} is running.`
      : `${by}, on whose image it stands, is about to be looked at, queued or being built.`;
  return { code, message, until: null };
}

const lowDiskFor = (message: string): WaitingFor => ({ code: 'low-disk', message, until: null });

const slotOf = (slots: number): WaitingFor => ({
  code: 'slot',
  message: `As many builds are running as may run at a time (engine.concurrency: ${slots}).`,
  until: null,
});
