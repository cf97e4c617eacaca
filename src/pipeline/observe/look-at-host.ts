import type { Labels } from '../../container-labels.js';
import type { Host } from '../../hosts/contract.js';
import type { ContainerSummary } from '../../model/container.js';
import type { ForeignContainer, OwnContainer, SeenContainers } from '../../model/observation.js';

/** Containers that are asked for side by side. */
const MAX_TOGETHER = 8;
/** Foreign containers that are kept. */
const MAX_FOREIGN = 1_000;

/**
 * Asks a host for our containers of an environment, and for foreign ones that hold ports or claim to be ours. Changes nothing there. A container
 * of ours in another environment is foreign here. Fails as `Containers`.
 */
export async function lookAtHost(
  host: Host,
  environment: string,
  labels: Pick<Labels, 'read' | 'names'>,
): Promise<Omit<SeenContainers, 'at'>> {
  // An engine that hangs is found out soonest so.
  await host.ping();
  const listed = await host.containers.list();
  const isOwn = (one: ContainerSummary): boolean => labels.read(one)?.environment === environment;
  const own: OwnContainer[] = [];
  const ours = listed.filter(isOwn);
  for (let at = 0; at < ours.length; at += MAX_TOGETHER) {
    const together = ours.slice(at, at + MAX_TOGETHER);
    const found = await Promise.all(together.map((one) => inspect(host, one, labels)));
    own.push(...found.flatMap((one) => one ?? []));
  }
  const foreign = listed
    .filter((one) => !isOwn(one))
    .map((one) => foreignOf(one, labels))
    .filter(({ ports, claimsOurs }) => ports.length > 0 || claimsOurs);
  return { own: own.sort(byName), foreign: foreign.sort(byName).slice(0, MAX_FOREIGN) };
}

/** Null: it was removed since it was listed. */
async function inspect(
  host: Host,
  listed: ContainerSummary,
  labels: Pick<Labels, 'read'>,
): Promise<OwnContainer | null> {
  const [identity, seen] = [labels.read(listed), await host.containers.inspect(listed.id)];
  if (identity === null || seen === null) return null;
  const { id, name, image, digests, state, createdAt } = seen;
  return { ...identity, id, name, image, digests, state, ports: sortedPorts(listed), createdAt };
}

function foreignOf(listed: ContainerSummary, labels: Pick<Labels, 'read' | 'names'>): ForeignContainer {
  const { id, name, image, status } = listed;
  const claimsOurs = labels.names(listed) && labels.read(listed) === null;
  return { id, name, image, state: status, ports: sortedPorts(listed), claimsOurs };
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : Number(one.name > other.name);

/** An engine lists them in any order. */
const sortedPorts = ({ ports }: ContainerSummary): ContainerSummary['ports'] =>
  [...ports].sort(
    (a, b) => a.hostPort - b.hostPort || a.containerPort - b.containerPort || (a.hostIp < b.hostIp ? -1 : 1),
  );
