import type { Artifact } from '../model/artifact.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Baseline } from '../model/build.js';
import type { Decision, ReasonCode } from '../model/decision.js';
import type { Image } from '../model/image.js';
import type { Inputs } from '../model/inputs.js';
import type { Release, RunFileText } from '../model/release.js';
import type { FoundRunFile } from '../image/packaging/run-file-search.js';
import type { Service } from '../model/service.js';
import { artifactsFor } from './artifacts.js';
import { gatherFacts } from './gather.js';
import { decide } from './decide.js';
import { decideTag, type TagFacts } from './decide-tag.js';
import type { DecideDeps } from './deps.js';
import { inputsKey } from './inputs-key.js';
import type { PackagingReader } from './packaging-reader.js';
import type { TagRow } from '../store/contract.js';
import { followBases, noBases } from './bases.js';
import { gitTagName } from '../tag-name.js';
import { formatRef, type Ref } from '../git-ref.js';

/** A decision and its inputs, not yet recorded. */
export interface Evaluation {
  readonly decision: Decision;
  readonly inputs: Inputs;
  readonly inputsKey: string;
  /** For a skip: the build whose image also covers the head. */
  readonly reliesOn: string | null;
  /** For such a skip: the release that the head has, new or not. */
  readonly release?: ReleaseAtHead;
  /** The artifact to build from. */
  readonly artifact: Artifact | null;
  /** The bases of the branch from now on. Undefined if the decision does not concern the branch. */
  readonly standsOn?: readonly BaseEdge[];
  /** Circles of base images that the branch is part of, one sentence each. */
  readonly circles: readonly string[];
}

/** An image with the run file that belongs to a head. */
export interface ReleaseAtHead {
  readonly image: Image;
  readonly runFile: FoundRunFile;
  /** The newest release of the branch equals it. */
  readonly isMade: boolean;
  /** What the run file holds; asked for if it is new. */
  readonly texts: () => Promise<readonly RunFileText[]>;
}

export type EvaluateDeps = Pick<DecideDeps, 'store' | 'git' | 'services' | 'registryHost' | 'log'>;

export interface EvaluateRequest {
  readonly service: Service;
  readonly ref: Ref;
  readonly head: string;
  /** A sentence, or null if nothing forces the build. */
  readonly forced: string | null;
}

/** Skips which mean that the baseline's image is also right for this head. */
const coveringSkips: readonly ReasonCode[] = [
  'only-run-file-changed',
  'no-change',
  'only-excluded-paths-changed',
  'no-included-path-changed',
];

/** Decides for a branch or git tag at a commit. The commit must be in the mirror. */
export const evaluate = (
  request: EvaluateRequest,
  packaging: PackagingReader,
  deps: EvaluateDeps,
): Promise<Evaluation> =>
  request.ref.kind === 'tag' ? evaluateTag(request, packaging, deps) : evaluateBranch(request, packaging, deps);

/** Compares a branch's head with its baseline. */
async function evaluateBranch(
  request: EvaluateRequest,
  packaging: PackagingReader,
  deps: EvaluateDeps,
): Promise<Evaluation> {
  const { service } = request;
  const branch = formatRef(request.ref);
  const { store } = deps;
  const baseline = await store.builds.baseline(service.name, branch);
  const artifacts = await artifactsFor(service, request.head, deps);
  const released = await store.releases.newest(service.name, branch);
  return compare({ ...request, branch, baseline, released, artifacts, hypothetical: false }, packaging, deps);
}

/** The decision for a push if `base` were the last built commit, or if nothing had been built (null). Records nothing. */
export async function evaluateHypothetically(
  request: EvaluateRequest & { readonly base: string | null },
  packaging: PackagingReader,
  deps: EvaluateDeps,
): Promise<Evaluation> {
  const { service, base } = request;
  const branch = formatRef(request.ref);
  const artifacts = await artifactsFor(service, request.head, deps);
  const baseline = base === null ? null : await assumedBaseline(service, { commit: base, branch }, packaging);
  const assumed = { branch, baseline, released: null, artifacts, hypothetical: true };
  return compare({ ...request, ...assumed }, packaging, deps);
}

async function assumedBaseline(
  service: Service,
  { commit, branch }: { readonly commit: string; readonly branch: string },
  packaging: PackagingReader,
): Promise<Baseline> {
  const { key } = await packaging.at(service, commit, branch);
  const inputs: Inputs = { head: commit, packaging: key, settings: service.settingsFingerprint, bases: {} };
  return { buildId: '', commit, inputs, image: { repository: service.image, digest: '', tags: [] } };
}

interface Comparison extends EvaluateRequest {
  readonly branch: string;
  readonly baseline: Baseline | null;
  /** The newest release of a head of the branch. */
  readonly released: Release | null;
  readonly artifacts: readonly Artifact[];
  readonly hypothetical: boolean;
}

async function compare(request: Comparison, packaging: PackagingReader, deps: EvaluateDeps): Promise<Evaluation> {
  const { service, branch, head, baseline, released } = request;
  const { images } = await packaging.at(service, head, branch);
  const followed = service.cascade ? await followBases(service, branch, images, deps) : noBases;
  const { verdict, inputs, key, artifact, runFile } = await judgeOnce(request, followed.digests, packaging);
  const { decision, reason } = verdict;
  const isCovered = decision === 'skip' && coveringSkips.includes(reason.code) && !request.hypothetical;
  const covered = isCovered ? baseline : null;
  return {
    decision: { service: service.name, branch, decision, reason, base: baseline?.commit ?? null, head },
    inputs,
    inputsKey: key,
    reliesOn: covered?.buildId ?? null,
    ...(covered && {
      release: {
        image: covered.image,
        runFile,
        isMade: released?.image.digest === covered.image.digest && released.runFileHash === runFile.hash,
        texts: () => packaging.runFileTexts(service, head),
      },
    }),
    artifact,
    ...(request.forced === null && { standsOn: followed.edges }),
    circles: followed.circles,
  };
}

/** Results for each packaging reader, keyed by everything that they depend on. */
const judged = new WeakMap<PackagingReader, Map<string, ReturnType<typeof judge>>>();

/** Looks that are processed together mostly ask the same: after a burst of pushes, all decide for the same head. */
function judgeOnce(request: Comparison, digests: Inputs['bases'], packaging: PackagingReader) {
  const { service, branch, head, forced, baseline, released, artifacts, hypothetical } = request;
  const known = judged.get(packaging) ?? new Map<string, ReturnType<typeof judge>>();
  judged.set(packaging, known);
  const from = [baseline?.buildId, baseline?.commit, released?.number, hypothetical];
  const parts = [service.name, branch, head, forced, ...from];
  const key = JSON.stringify([...parts, artifacts.map(({ id }) => id), digests]);
  const found = known.get(key) ?? judge(request, digests, packaging);
  known.set(key, found);
  return found;
}

async function judge(request: Comparison, bases: Inputs['bases'], packaging: PackagingReader) {
  const { facts, inputs, artifact, runFile } = await gatherFacts(
    { ...request, releasedRunFile: request.released?.runFileHash ?? null, bases },
    packaging,
  );
  return { verdict: decide(facts), inputs, artifact, runFile, key: inputsKey(inputs, runFile.hash) };
}

/** A git tag names its commit itself and is compared with nothing. Its artifact must be of that commit. */
async function evaluateTag(
  request: EvaluateRequest,
  packaging: PackagingReader,
  deps: EvaluateDeps,
): Promise<Evaluation> {
  const { service, head, forced } = request;
  const gitTag = request.ref.name;
  const { store } = deps;
  const artifact = service.artifact === null ? null : await store.artifacts.ofCommit(service.name, head);
  const { row, ...held } = await holderOf(service, gitTag, deps);
  const branch = formatRef(request.ref);
  const at = await packaging.at(service, head, branch);
  const followed = service.cascade ? await followBases(service, branch, at.images, deps) : noBases;
  const { decision, reason } = decideTag({
    gitTag,
    commit: head,
    configured: service.gitTags.some((pattern) => pattern.matches(gitTag)),
    forced,
    ...held,
    imageTag: row?.tag ?? gitTagName(gitTag),
    artifactMissing: service.trigger === 'artifact' && artifact === null,
  });
  const inputs = { head, packaging: at.key, settings: service.settingsFingerprint, bases: followed.digests };
  return {
    decision: {
      service: service.name,
      branch,
      decision,
      reason,
      base: held.imageOf,
      head,
    },
    inputs,
    inputsKey: inputsKey(inputs),
    reliesOn: null,
    artifact,
    circles: followed.circles,
  };
}

type Holder = Pick<TagFacts, 'imageOf' | 'heldBy'> & { readonly row: TagRow | null };

/**
 * The holder of the image tag that a git tag stands for: the git tag itself, another one (`v1.2` and `1.2` stand for the same), or a version.
 * A branch gives way when the tag is written.
 */
async function holderOf({ image }: Service, gitTag: string, { store: { tags } }: EvaluateDeps): Promise<Holder> {
  const own = await tags.ownedBy(image, 'git-tag', gitTag);
  const row = own ?? (await tags.get(image, gitTagName(gitTag)));
  if (row === null || row.kind === 'branch') return { row: null, imageOf: null };
  if (row.kind === 'version') return { row, imageOf: row.owner, heldBy: 'is a version tag' };
  return { row, imageOf: row.commit, ...(row.owner !== gitTag && { heldBy: `belongs to git tag ${row.owner}` }) };
}
