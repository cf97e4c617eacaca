import type { Labels } from '../../container-labels.js';
import type { HostContainer } from '../../decide/decide-host.js';
import type { Host, ObservedContainer } from '../../hosts/contract.js';

/** One service in one environment. */
export interface Pair {
  readonly environment: string;
  readonly service: string;
}

/** A container of ours on a host. */
export interface OwnedContainer extends HostContainer {
  readonly release: number;
  readonly observed: ObservedContainer;
}

/** Our containers of a service in an environment, asked now. Fails as `Containers`. */
export async function lookAtPair(
  host: Host,
  pair: Pair,
  labels: Pick<Labels, 'read'>,
): Promise<readonly OwnedContainer[]> {
  // Its containers may have a former name of the service.
  const listed = await host.containers.list({ 'dev.slipway.environment': pair.environment });
  const found: OwnedContainer[] = [];
  for (const one of listed) {
    const identity = labels.read(one);
    if (identity?.environment !== pair.environment || identity.service !== pair.service) continue;
    const observed = await host.containers.inspect(one.id);
    if (observed === null) continue;
    const { spec, deployment, release } = identity;
    const { id, restart, createdAt } = observed;
    found.push({ id, spec, deployment, release, status: observed.state.status, restart, createdAt, observed });
  }
  return found;
}
