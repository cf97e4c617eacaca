import type { ContainerStatus } from '../model/container.js';
import type { RestartPolicy } from '../model/parameters.js';

/** A container of ours, of one service in one environment. */
export interface HostContainer {
  readonly id: string;
  /** Stands for the specification that it was created from. */
  readonly spec: string;
  readonly deployment: string;
  readonly status: ContainerStatus;
  readonly restart: RestartPolicy;
  /** Milliseconds since the epoch, by the host's clock. */
  readonly createdAt: number;
}

/** What a host should run, and what it was seen to run. */
export interface HostFacts {
  /** Null: nothing. */
  readonly wanted: {
    readonly spec: string;
    /** The policy of a verified container. */
    readonly policy: RestartPolicy;
  } | null;
  /** Ours of that service and environment, in any order. */
  readonly containers: readonly HostContainer[];
  /** False: the host is prepared only, and what runs goes on. */
  readonly mayReplace: boolean;
  /** Whether a container was seen to do what it should. */
  readonly isVerified: (container: HostContainer) => boolean;
  /** Whether a running container has to be started again, although it is the right one. */
  readonly isStale: (container: HostContainer) => boolean;
}

/** The next thing to do on a host, with a reason for people. */
export type HostAction = { readonly reason: string } & (
  | { readonly action: 'none' }
  /** Everything is ready, and what runs may not be replaced yet. */
  | { readonly action: 'wait' }
  /** Pull the image, and create a container. */
  | { readonly action: 'create' }
  /** Stop these, and start that one right after. */
  | { readonly action: 'replace'; readonly stop: readonly string[]; readonly start: string }
  | { readonly action: 'verify'; readonly id: string }
  /** Give the verified one its policy, then `no` to the others. */
  | { readonly action: 'mark'; readonly keep: string; readonly retire: readonly string[] }
  /** Stop these for good. */
  | { readonly action: 'stop'; readonly stop: readonly string[] }
);

/**
 * Compares what a host should run with what it runs. What to do next follows from that alone, so a process that takes over in the middle
 * goes on as the one before it would have. Only a verified container has a policy other than `no`, so the policy tells a verified
 * container from a new one.
 */
export function decideHost(facts: HostFacts): HostAction {
  const { wanted, containers, mayReplace, isVerified, isStale } = facts;
  const usable = containers.filter(({ status }) => status !== 'removing' && status !== 'dead');
  if (wanted === null) return decideStop(usable, mayReplace);
  const next = bestOf(usable.filter(({ spec }) => spec === wanted.spec));
  if (next === null) return { action: 'create', reason: 'no container has these parameters' };
  const others = usable.filter((one) => one !== next);
  const inTheWay = others.filter(isUp).map(({ id }) => id);
  const stale = isUp(next) && isStale(next);
  if (!isUp(next) || stale || inTheWay.length > 0) {
    if (!mayReplace) return { action: 'wait', reason: 'the container is ready, and it is not its turn' };
    const stop = stale ? [...inTheWay, next.id] : inTheWay;
    return { action: 'replace', stop, start: next.id, reason: reasonOf(next, stale, inTheWay.length) };
  }
  if (!isVerified(next)) return { action: 'verify', id: next.id, reason: 'it runs and is not verified' };
  const retire = others.filter(({ restart }) => restart.name !== 'no').map(({ id }) => id);
  if (retire.length > 0 || !isEqual(next.restart, wanted.policy))
    return { action: 'mark', keep: next.id, retire, reason: 'it is verified, and survives a reboot from now on' };
  return { action: 'none', reason: 'it runs what is wanted' };
}

function decideStop(containers: readonly HostContainer[], mayReplace: boolean): HostAction {
  const stop = containers.filter((one) => isUp(one) || one.restart.name !== 'no').map(({ id }) => id);
  if (stop.length === 0) return { action: 'none', reason: 'nothing runs, and nothing should' };
  if (!mayReplace) return { action: 'wait', reason: 'it is not its turn' };
  return { action: 'stop', stop, reason: 'nothing should run' };
}

/** Why a container replaces another one. */
export const takesPlace = 'another container runs in its place';

function reasonOf(next: HostContainer, stale: boolean, inTheWay: number): string {
  if (stale) return 'it has to start again';
  if (!isUp(next) && inTheWay === 0) return 'it does not run';
  return isUp(next) ? 'another container runs beside it' : takesPlace;
}

/** A paused one holds its ports. */
export const isUp = ({ status }: Pick<HostContainer, 'status'>): boolean =>
  status === 'running' || status === 'restarting' || status === 'paused';

/** The one that runs, or the newest. */
function bestOf(containers: readonly HostContainer[]): HostContainer | null {
  const [best] = containers.toSorted((a, b) => Number(isUp(b)) - Number(isUp(a)) || b.createdAt - a.createdAt);
  return best ?? null;
}

const isEqual = (one: RestartPolicy, other: RestartPolicy): boolean =>
  one.name === other.name && one.maxRetries === other.maxRetries;
