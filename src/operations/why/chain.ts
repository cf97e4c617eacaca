import type { RecordedDecision } from '../../model/decision.js';
import type { Build } from '../../model/build.js';
import type { Store } from '../../store/contract.js';
import type { ChainLink } from './contract.js';

/** Builds of a base that are looked through for an image. */
const RECENT_BUILDS = 50;

/** A chain is cut there; circles are not followed when builds are decided on, but settings may have changed. */
const LONGEST = 10;

/**
 * The builds of base images that led to a decision, the first cause first. Empty if no base image did, or if what it stands on is not known
 * any more.
 */
export async function chainOf(decision: Decided, store: Store): Promise<readonly ChainLink[]> {
  const links: ChainLink[] = [];
  let cause: Caused | null = await causedBy(decision, store);
  while (cause !== null && links.length < LONGEST) {
    const made = await makerOf(cause, store);
    if (made === null) break;
    const { id: buildId, service, branch, image, finishedAt: at, reason } = made;
    links.unshift({ service, branch, tag: image?.tags[0] ?? null, buildId, at });
    cause = await causedBy({ service, branch, reason, buildId, at: made.queuedAt }, store);
  }
  return links;
}

/** A decision, or the build that it led to. */
type Decided = Pick<RecordedDecision, 'service' | 'branch' | 'reason' | 'buildId' | 'at'>;

type Caused = Pick<RecordedDecision, 'service' | 'branch' | 'at'> & {
  readonly reference: string;
  /** Of the base image that was built on. Null: it is not known. */
  readonly digest: string | null;
};

async function causedBy({ service, branch, reason, buildId, at }: Decided, store: Store): Promise<Caused | null> {
  if (reason.code !== 'base-image-changed') return null;
  const reference = /^Base image (\S+)/.exec(reason.message)?.[1];
  if (reference === undefined) return null;
  const build = buildId === null ? null : await store.builds.get(buildId);
  return { service, branch, at, reference, digest: build?.inputs.bases[reference] ?? null };
}

/** The build that made the image of a base. */
async function makerOf({ service, branch, reference, digest, at }: Caused, store: Store): Promise<Build | null> {
  const edges = await store.bases.under(service, branch);
  const edge = edges.find((one) => one.reference === reference);
  if (edge === undefined || edge.baseBranch === null) return null;
  const query = { service: edge.base, branch: edge.baseBranch, status: 'succeeded' } as const;
  const { items } = await store.builds.page({ ...query, limit: RECENT_BUILDS, cursor: null });
  return (
    items.find(({ image, finishedAt }) =>
      digest === null ? (finishedAt ?? Infinity) <= at : image?.digest === digest,
    ) ?? null
  );
}
