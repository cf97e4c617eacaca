import type { Labels } from '../../container-labels.js';
import { containerDrift } from '../../decide/container-drift.js';
import { isKnownContainer } from '../../decide/known-deployment.js';
import type { Host, ObservedContainer } from '../../hosts/contract.js';
import { imageOrigin } from '../../image-origin.js';
import type { ContainerSummary } from '../../model/container.js';
import type { Desired, KeptSpecification } from '../../model/deployment.js';
import type { Claim, ForeignContainer, OwnContainer, SeenContainers } from '../../model/observation.js';
import { together } from '../../together.js';
import type { Expected } from './expected.js';

/** Containers that are asked for side by side. */
const MAX_TOGETHER = 8;
/** Foreign containers that are kept. */
const MAX_FOREIGN = 1_000;

export interface LookDeps {
  readonly labels: Pick<Labels, 'read' | 'names' | 'claim'>;
  /** Null: the database is not there, so nothing is compared. */
  readonly expected: Expected | null;
}

/**
 * Asks a host for our containers of an environment, and for foreign ones that hold ports or claim to be ours. Changes nothing there. A container
 * of ours in another environment is foreign here. Fails as `Containers`.
 */
export async function lookAtHost(host: Host, environment: string, deps: LookDeps): Promise<Omit<SeenContainers, 'at'>> {
  const { labels } = deps;
  // An engine that hangs is found out soonest so.
  await host.ping();
  const listed = await host.containers.list();
  const isOwn = (one: ContainerSummary): boolean => labels.read(one)?.environment === environment;
  const found = await together(listed.filter(isOwn), MAX_TOGETHER, (one) => inspect(host, one, deps));
  const own = found.flatMap((one) => one ?? []);
  const foreign = listed
    .filter((one) => !isOwn(one))
    .map((one) => foreignOf(one, labels))
    .filter(({ ports, claimsOurs }) => ports.length > 0 || claimsOurs)
    .sort(byName)
    .slice(0, MAX_FOREIGN);
  const claims = await claimsOf(listed, foreign, host, labels);
  const claimed = foreign.map((one): ForeignContainer => {
    const claim = claims.get(one.id);
    return claim?.environment === environment ? { ...one, claim } : one;
  });
  return { own: own.sort(byName), foreign: claimed };
}

/** What containers claim to be that name our instance. They are few: somebody lost the key, or made them by hand. */
async function claimsOf(
  listed: readonly ContainerSummary[],
  foreign: readonly ForeignContainer[],
  host: Host,
  labels: LookDeps['labels'],
): Promise<ReadonlyMap<string, Claim>> {
  const claims = new Map<string, Claim>();
  const claiming = new Set(foreign.filter(({ claimsOurs }) => claimsOurs).map(({ id }) => id));
  for (const one of listed.filter(({ id }) => claiming.has(id))) {
    const identity = labels.claim(one);
    const seen = identity === null ? null : await host.containers.inspect(one.id);
    if (identity === null || seen === null) continue;
    claims.set(one.id, { ...identity, digests: seen.digests, origin: imageOrigin(seen.labels) });
  }
  return claims;
}

/** Null: it was removed since it was listed. */
async function inspect(
  host: Host,
  listed: ContainerSummary,
  { labels, expected }: LookDeps,
): Promise<OwnContainer | null> {
  const identity = labels.read(listed);
  if (identity === null) return null;
  const desired = expected?.desired(identity.service) ?? null;
  const publish = desired?.specification.publish[host.name] ?? null;
  const wanted = desired === null ? undefined : { parameters: desired.specification.parameters, publish };
  const seen = await host.containers.inspect(listed.id, wanted);
  if (seen === null) return null;
  const { id, name, image, digests, state, createdAt } = seen;
  return {
    ...{ ...identity, id, name, image, digests, state, ports: sortedPorts(listed), createdAt },
    origin: imageOrigin(seen.labels),
    known: await isKnown({ ...identity, createdAt, host: host.name }, desired, expected),
    compared: desired === null ? null : await compare(seen, identity.deployment, desired, expected),
  };
}

/** If the database is away it is not said to be unknown. */
const isKnown = async (
  container: Parameters<typeof isKnownContainer>[0],
  desired: Desired | null,
  expected: Expected | null,
): Promise<boolean> =>
  expected === null || isKnownContainer(container, desired, (id) => expected.isStored(id)).catch(() => true);

async function compare(
  seen: ObservedContainer,
  deployment: string,
  { service, deploymentId, specification }: Desired,
  expected: Expected | null,
): Promise<OwnContainer['compared']> {
  const isChanging = expected?.isChanging(service) === true;
  const driftFrom = (own: KeptSpecification | null) =>
    containerDrift(seen, specification, own).filter(({ field }) => !isChanging || field !== 'restart');
  const drift = driftFrom(null);
  if (drift.length === 0) return { deploymentId, drift };
  const own = (await expected?.specification(deployment).catch(() => null)) ?? null;
  return { deploymentId, drift: driftFrom(own) };
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
