import type { DeployAttempt } from './attempt.js';
import { changedByHand } from './changed-by-hand.js';
import { runOf, type Course } from './converge.js';
import type { DeployDeps } from './deps.js';
import type { HostWork, Target } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';
import { whileReached } from './persist.js';
import { asksAgain } from './asks-again.js';

/** What an attempt brings its hosts to. Fails as hosts and store do. */
export async function courseFor(
  attempt: DeployAttempt,
  target: Target | null,
  works: readonly HostWork[],
  deps: DeployDeps,
): Promise<Course> {
  return {
    ...{ pair: attempt.deployment, target, mayReplace: true },
    stale: await staleRuns(attempt, works, deps),
    changed: await changedOnes(attempt, target, works),
    recheck: target !== null && (await asksAgain(target, deps)),
  };
}

/** What ran when a restart was asked for. A later attempt does not know, and restarts once more where a host is not noted as done. */
async function staleRuns(
  { deployment }: DeployAttempt,
  works: readonly HostWork[],
  deps: DeployDeps,
): Promise<ReadonlySet<string>> {
  const stale = new Set<string>();
  if (deployment.kind !== 'restart') return stale;
  const done = deployment.hosts.filter(({ state }) => state === 'done').map(({ host }) => host);
  for (const work of works.filter(({ host }) => !done.includes(host.name))) {
    const present = await whileReached(work, () => lookAtPair(work.host, deployment, deps.labels));
    for (const one of present) stale.add(runOf(one));
  }
  return stale;
}

/** A repair undoes what was changed by hand, if the environment wants that. */
async function changedOnes(
  { deployment, environment }: DeployAttempt,
  target: Target | null,
  works: readonly HostWork[],
): Promise<ReadonlySet<string>> {
  if (target === null || deployment.kind !== 'repair' || environment.repair !== 'all') return new Set();
  const found = await Promise.all(works.map((work) => whileReached(work, () => changedByHand(target, work))));
  return new Set(found.flatMap((ids) => [...ids]));
}
