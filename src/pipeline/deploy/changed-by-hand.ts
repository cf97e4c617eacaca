import { containerDrift } from '../../decide/container-drift.js';
import type { HostWork, Target } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';

/** What is set again without a new container. */
const restartPolicy = 'restart';

/**
 * Ids of our containers on a host whose settings somebody changed: they are not what their label says any more. Fails as `Containers`.
 */
export async function changedByHand(target: Target, { host, deps }: HostWork): Promise<ReadonlySet<string>> {
  const { specification } = target;
  const wanted = { parameters: specification.parameters, publish: specification.publish[host.name] ?? null };
  const changed = new Set<string>();
  for (const { id } of await lookAtPair(host, target, deps.labels)) {
    const seen = await host.containers.inspect(id, wanted);
    const drift = seen === null ? [] : containerDrift(seen, specification, null);
    if (drift.some(({ field }) => field !== restartPolicy)) changed.add(id);
  }
  return changed;
}
