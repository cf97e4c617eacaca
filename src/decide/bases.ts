import { isTag } from '../git-ref.js';
import { parseReference } from '../image-reference.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Service } from '../model/service.js';
import { sanitiseTag } from '../tag-name.js';
import type { DecideDeps } from './deps.js';

export interface FollowedBases {
  /** All edges of the branch. */
  readonly edges: readonly BaseEdge[];
  /** Reference → digest of its newest image. References without an image and circular ones are left out. */
  readonly digests: Readonly<Record<string, string>>;
  /** One sentence for each circle, naming all of it. */
  readonly circles: readonly string[];
}

export const noBases: FollowedBases = { edges: [], digests: {}, circles: [] };

type BasesDeps = Pick<DecideDeps, 'store' | 'services' | 'registryHost' | 'log'>;

/**
 * Finds which bases are images of other services, and the newest digest of each. A base that stands on this branch, directly or through
 * others, is not followed: each would ask for a new image of the other forever.
 */
export async function followBases(
  { name: service }: Service,
  branch: string,
  images: readonly string[],
  deps: BasesDeps,
): Promise<FollowedBases> {
  const edges = await baseEdges(service, branch, images, { ...deps, branchOf: branchByTag(deps) });
  const digests: Record<string, string> = {};
  const circles: string[] = [];
  for (const edge of edges) {
    const circle = await circleThrough(edge, deps);
    if (circle !== null) {
      const around = circle.join(' → ');
      deps.log.warn({ service, branch }, `base images form a circle, which is not followed: ${around}`);
      circles.push(`Base images form a circle, which is not followed: ${around}.`);
      continue;
    }
    const row = await deps.store.tags.get(...nameOf(edge, deps));
    if (row?.digest) digests[edge.reference] = row.digest;
  }
  return { edges, digests, circles };
}

/**
 * Keeps the bases of a branch if no decision is recorded that would. The newest decision may be a forced one, about any commit, whose image
 * already exists.
 */
export async function rememberBases(
  service: string,
  branch: string,
  edges: readonly BaseEdge[],
  { store }: Pick<BasesDeps, 'store'>,
): Promise<void> {
  const known = await store.bases.under(service, branch);
  const listed = (some: readonly BaseEdge[]) =>
    some.map((edge) => JSON.stringify([edge.reference, edge.base, edge.baseBranch])).sort();
  if (listed(known).join() !== listed(edges).join()) await store.bases.replace(service, branch, edges);
}

export interface EdgeDeps extends Pick<BasesDeps, 'services' | 'registryHost'> {
  /** The branch of a service that moves an image tag, or null for a tag that never moves. */
  readonly branchOf: (base: Service, tag: string) => Promise<string | null>;
}

/** One edge for every base image that a service makes or would make. */
export async function baseEdges(
  service: string,
  branch: string,
  images: readonly string[],
  deps: EdgeDeps,
): Promise<readonly BaseEdge[]> {
  const edges = new Map<string, BaseEdge>();
  for (const image of images) {
    const parsed = ownImage(image, deps.registryHost);
    if (!parsed) continue;
    const reference = `${deps.registryHost}/${parsed.repository}:${parsed.tag}`;
    for (const base of deps.services().values()) {
      if (base.image !== parsed.repository) continue;
      const baseBranch = await deps.branchOf(base, parsed.tag);
      edges.set(`${reference} ${base.name}`, { service, branch, reference, base: base.name, baseBranch });
    }
  }
  return [...edges.values()];
}

/** The branch that owns a tag or will own it. Null for any other tag: it never moves. */
export function branchByTag({ store }: Pick<BasesDeps, 'store'>): EdgeDeps['branchOf'] {
  return async (base, tag) => {
    const row = await store.tags.get(base.image, tag);
    if (row) return row.kind === 'branch' || row.kind === 'extra' ? row.owner : null;
    return branchBySettings(base, tag, [...base.literalBranches, ...(await store.decisions.branches(base.name))]);
  };
}

/** The one of the branches that moves a tag of the service by its settings: its extra tag, or its own. Null for a tag that never moves. */
export function branchBySettings(
  { extraTags, branchTag }: Service,
  tag: string,
  branches: readonly string[],
): string | null {
  const moving = Object.entries(extraTags).find(([, tags]) => tags.includes(tag));
  if (moving) return moving[0];
  if (!branchTag) return null;
  return branches.find((branch) => !isTag(branch) && sanitiseTag(branch) === tag) ?? null;
}

/** The circle that leads from the branch over this base back to the branch, or null. */
async function circleThrough(edge: BaseEdge, { store }: Pick<BasesDeps, 'store'>): Promise<readonly string[] | null> {
  if (edge.baseBranch === null) return null;
  const start = named(edge.service, edge.branch);
  const paths = new Map([[named(edge.base, edge.baseBranch), [start, named(edge.base, edge.baseBranch)]]]);
  const queue = [{ service: edge.base, branch: edge.baseBranch }];
  for (const { service, branch } of queue) {
    const path = paths.get(named(service, branch)) ?? [];
    if (path.at(-1) === start) return path;
    for (const { base, baseBranch } of await store.bases.under(service, branch)) {
      if (baseBranch === null || paths.has(named(base, baseBranch))) continue;
      paths.set(named(base, baseBranch), [...path, named(base, baseBranch)]);
      queue.push({ service: base, branch: baseBranch });
    }
  }
  return null;
}

const named = (service: string, branch: string): string => `${service} (${branch})`;

function nameOf({ reference }: BaseEdge, { registryHost }: Pick<BasesDeps, 'registryHost'>): [string, string] {
  const name = reference.slice(registryHost.length + 1);
  const colon = name.lastIndexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}

/** `host/name[:tag]` in our registry. Null for other images, invalid references, and digests, which never move. */
function ownImage(image: string, registryHost: string): { repository: string; tag: string } | null {
  const parsed = parseReference(image);
  if (parsed === null || parsed.host !== registryHost || parsed.tag === null) return null;
  return { repository: parsed.name.slice(registryHost.length + 1), tag: parsed.tag };
}
