import type { Deployment } from '../model/deployment.js';
import { isAtGate } from './gates.js';

/** What decides which deployments start. */
export interface StartFacts {
  /** Pending and running ones, those that go first at the front. */
  readonly unfinished: readonly Deployment[];
  /** Deployments at once in an environment; 1 for one that is not configured. */
  readonly concurrency: (environment: string) => number;
  /** Whether a gate is closed for a deployment that waits at it. */
  readonly isHeldBack: (deployment: Deployment) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Ids of the pending deployments that may start now: one of each service in an environment, and no more of an environment than it allows. What
 * waits at its gate takes no place of those.
 */
export function nextDeployments({ unfinished, concurrency, isHeldBack, now }: StartFacts): readonly string[] {
  const busy = new Set<string>();
  const counts = new Map<string, number>();
  const take = ({ environment, service }: Deployment): void => {
    busy.add(pairOf(environment, service));
    counts.set(environment, (counts.get(environment) ?? 0) + 1);
  };
  for (const one of unfinished.filter(({ status }) => status === 'running')) {
    if (isAtGate(one)) busy.add(pairOf(one.environment, one.service));
    else take(one);
  }
  const next: string[] = [];
  // One that has begun may have changed hosts, so nothing overtakes it.
  const begun = unfinished.filter((one) => one.startedAt !== null && !isAtGate(one));
  for (const one of [...begun, ...unfinished.filter((other) => !begun.includes(other))]) {
    const { id, environment, service, status, notBefore } = one;
    if (status !== 'pending' || waitsForBuild(one) || busy.has(pairOf(environment, service))) continue;
    if (isAtGate(one) && isHeldBack(one)) continue;
    if (notBefore > now && begun.includes(one)) busy.add(pairOf(environment, service));
    if (notBefore > now || (counts.get(environment) ?? 0) >= concurrency(environment)) continue;
    take(one);
    next.push(id);
  }
  return next;
}

const pairOf = (environment: string, service: string): string => `${environment}/${service}`;

const waitsForBuild = ({ build, release }: Deployment): boolean => build !== null && release === null;
