import type { Labels } from '../../container-labels.js';
import type { HostContainer } from '../../decide/decide-host.js';
import type { Host, ObservedContainer } from '../../hosts/contract.js';
import type { ContainerSummary } from '../../model/container.js';
import { together } from '../../together.js';

/** Containers that are asked for side by side. */
const MAX_TOGETHER = 8;

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

/** Whether a container has our seal, and not only our word that it is ours: without its id, which is known of one that was taken. */
export const isSealed = ({ name, labels }: ObservedContainer, { read }: Pick<Labels, 'read'>): boolean =>
  read({ name, labels }) !== null;

/** Our containers of a service in an environment, asked now. Fails as `Containers`. */
export async function lookAtPair(
  host: Host,
  pair: Pair,
  labels: Pick<Labels, 'read'>,
): Promise<readonly OwnedContainer[]> {
  // Its containers may have a former name of the service.
  return lookAmong(await host.containers.list({ 'dev.slipway.environment': pair.environment }), host, pair, labels);
}

/** As `lookAtPair`, among containers that were just listed. */
export async function lookAmong(
  listed: readonly ContainerSummary[],
  host: Host,
  pair: Pair,
  labels: Pick<Labels, 'read'>,
): Promise<readonly OwnedContainer[]> {
  const found = await together(listed, MAX_TOGETHER, (one) => ownedBy(pair, one, host, labels));
  return found.flatMap((one) => one ?? []);
}

/** Null: it is another's, or it was removed since it was listed. */
async function ownedBy(
  pair: Pair,
  listed: ContainerSummary,
  host: Host,
  labels: Pick<Labels, 'read'>,
): Promise<OwnedContainer | null> {
  const identity = labels.read(listed);
  if (identity?.environment !== pair.environment || identity.service !== pair.service) return null;
  const observed = await host.containers.inspect(listed.id);
  if (observed === null) return null;
  const { spec, deployment, release } = identity;
  const { id, restart, createdAt, state } = observed;
  return { id, spec, deployment, release, status: state.status, restart, createdAt, observed };
}
