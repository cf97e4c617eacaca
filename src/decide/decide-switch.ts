import type { BalancedHost } from '../balancer/contract.js';

/** A host of an environment, as the balancer sees it and by what it runs. */
export interface SwitchHost extends Pick<BalancedHost, 'state' | 'passedCheck'> {
  readonly name: string;
  /** It runs what is wanted, and was verified. */
  readonly isReady: boolean;
  /** Nothing can be changed there: it is away, or it has failed. Its place at the balancer can be changed all the same. */
  readonly isOut: boolean;
  /** It is out because of a fault of its own since the first change. */
  readonly hasFailed: boolean;
}

export interface SwitchFacts {
  /** In the order of the configuration. The state of each is known. */
  readonly hosts: readonly SwitchHost[];
  /** How many were active before the first change: as many are active afterwards. At least one. */
  readonly wanted: number;
}

/** The next thing to do at the balancer, with a reason for people. */
export type SwitchAction = { readonly reason: string } & (
  | { readonly action: 'none' }
  /** Bring these drained hosts to what is wanted. */
  | { readonly action: 'prepare'; readonly hosts: readonly string[] }
  | { readonly action: 'enable'; readonly host: string }
  /** Wait until the balancer can use it. */
  | { readonly action: 'await'; readonly host: string }
  | { readonly action: 'drain'; readonly host: string }
  /** No host can take over: all that run something else are active, or out. */
  | { readonly action: 'stuck' }
);

/**
 * Compares who is active with what the hosts run. The active ones that do not run what is wanted are replaced by drained ones that do: those
 * come first and have to be usable, only then as many others go. What to do next follows from that alone, so a process that takes over in the
 * middle goes on as the one before it would have, and a change that the balancer has forgotten is made again. Pure.
 */
export function decideSwitch({ hosts, wanted }: SwitchFacts): SwitchAction {
  const active = hosts.filter(isActive);
  const drained = hosts.filter((host) => !isActive(host));
  const [late] = active.filter((host) => !host.isReady).toSorted(deadFirst);
  const ready = active.filter(({ isReady }) => isReady);
  const [next] = drained.filter(({ isReady, isOut }) => isReady && !isOut);
  if (next !== undefined && ready.length < wanted && (late !== undefined || active.length < wanted))
    return { action: 'enable', host: next.name, reason: 'it is ready' };
  const unseen = late === undefined ? undefined : ready.find((host) => !isUsable(host));
  if (unseen !== undefined) return { action: 'await', host: unseen.name, reason: 'the balancer cannot use it yet' };
  if (late !== undefined && ready.length > 0 && active.length > wanted)
    return { action: 'drain', host: late.name, reason: 'another one has taken its place' };
  if (late === undefined && ready.length >= wanted) return decideSurplus(ready, wanted);
  const idle = drained.filter(({ isReady, isOut }) => !isReady && !isOut).map(({ name }) => name);
  if (idle.length > 0) return { action: 'prepare', hosts: idle, reason: 'it gets no requests' };
  // What is out cannot come in its place: fewer than before, but all of them right.
  if (late === undefined) return { action: 'none', reason: 'all that can be active are' };
  return ready.some(isUsable) ? decideLost(late, hosts) : stuck;
}

const stuck: SwitchAction = { action: 'stuck', reason: 'no drained host can take over' };

/**
 * A host that is out is not waited for: one place is free for as long as it takes to replace the next host. If one after the other fails, it is
 * not their fault alone, and each would leave a place free for longer.
 */
function decideLost(late: SwitchHost, hosts: readonly SwitchHost[]): SwitchAction {
  const failed = hosts.filter(({ hasFailed }) => hasFailed).length;
  const isOneLost = failed <= 1 && hosts.some((host) => host.isOut && !isActive(host));
  return late.isOut || isOneLost
    ? { action: 'drain', host: late.name, reason: 'no other host is left to take its place' }
    : stuck;
}

/** More may be active than before if somebody else enables hosts at the same time: that is theirs to say. */
const decideSurplus = (ready: readonly SwitchHost[], wanted: number): SwitchAction => ({
  action: 'none',
  reason: ready.length > wanted ? 'more are active than before' : 'all active hosts run what is wanted',
});

/** Administratively: it is to get requests, whether or not the balancer can send any. */
export const isActive = ({ state }: Pick<SwitchHost, 'state'>): boolean => state === 'active' || state === 'down';

/** The balancer can send requests there, and has made sure of that if it checks. */
export const isUsable = ({ state, passedCheck }: Pick<SwitchHost, 'state' | 'passedCheck'>): boolean =>
  state === 'active' && passedCheck !== false;

/** Nobody is served by what is down. */
const deadFirst = (one: SwitchHost, other: SwitchHost): number =>
  Number(other.state === 'down') - Number(one.state === 'down');
