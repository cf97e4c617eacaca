import type { Mirror } from '../../git/contract.js';
import type { Artifact, Baseline, Inputs, Regions, Service } from '../../model.js';

/** A changed path and the pattern that caught it. */
interface CaughtPath {
  readonly path: string;
  readonly pattern: string;
}

interface ClassifiedPaths {
  readonly counted: readonly CaughtPath[];
  readonly excluded: readonly CaughtPath[];
  readonly outside: readonly string[];
}

/** A service's packaging at a commit, as far as deciding needs it. */
export interface PackagingFacts {
  /** `application:HASH`, `central:HASH` or `missing`. */
  readonly key: string;
  /** Whether a path of the application repository is packaging. */
  ownsPath(path: string): boolean;
  /** The regions in force: written, or derived from the Dockerfile. */
  readonly regions: Regions;
}

export interface GatherRequest {
  readonly service: Service;
  readonly branch: string;
  readonly head: string;
  /** As a sentence; null where nothing forces the build. */
  readonly forced: string | null;
  readonly baseline: Baseline | null;
  /** `none`: the branch has no artifact; null: the service is not built from artifacts. */
  readonly artifact: Artifact | 'none' | null;
  /** The baseline is a commit somebody named (`plan`), not a recorded build: bases and settings are not compared. */
  readonly hypothetical: boolean;
  /** Base images that are followed → digest of the newest image. */
  readonly bases: Readonly<Record<string, string>>;
}

export interface GatherDeps {
  readonly mirror: Mirror;
  packagingAt(service: Service, commit: string): Promise<PackagingFacts>;
  classify(paths: readonly string[], regions: Regions, isPackaging: (path: string) => boolean): ClassifiedPaths;
}

/** Gathers the facts that `decide` needs for one service and branch, and the identity of the inputs that they describe. */
export async function gatherFacts(request: GatherRequest, deps: GatherDeps) {
  const { service, branch, head, forced, baseline } = request;
  const packaging = await deps.packagingAt(service, head);
  const inputs: Inputs = {
    head,
    packaging: packaging.key,
    settings: service.settingsFingerprint,
    bases: request.bases,
  };
  const facts = {
    service: service.name,
    branch,
    head,
    forced,
    branchConfigured: service.branches.some((pattern) => pattern.matches(branch)),
    artifact: await artifactFacts(request, packaging, deps),
    baseline: baseline?.commit ?? null,
    since: baseline && (await sinceBaseline(request, baseline, inputs, packaging, deps)),
  };
  return { facts, inputs };
}

type ArtifactFacts = { readonly commit: string; readonly changed: readonly CaughtPath[] | null } | 'none' | null;

async function artifactFacts(
  { service, head, artifact }: GatherRequest,
  packaging: PackagingFacts,
  deps: GatherDeps,
): Promise<ArtifactFacts> {
  if (service.trigger !== 'artifact' || artifact === null) return null;
  if (artifact === 'none') return 'none';
  if (!(await deps.mirror.history.has(artifact.commit))) return { commit: artifact.commit, changed: null };
  const paths = await deps.mirror.history.changedPaths(artifact.commit, head);
  const before = await deps.packagingAt(service, artifact.commit);
  const source = paths.filter((path) => !packaging.ownsPath(path) && !before.ownsPath(path));
  const { counted } = deps.classify(source, packaging.regions, () => false);
  return { commit: artifact.commit, changed: counted };
}

async function sinceBaseline(
  { service, head, hypothetical }: GatherRequest,
  baseline: Baseline,
  inputs: Inputs,
  packaging: PackagingFacts,
  { mirror, packagingAt, classify }: GatherDeps,
) {
  const { history } = mirror;
  if (!(await history.has(baseline.commit))) return null;
  const same = baseline.commit === head;
  const before = same ? packaging : await packagingAt(service, baseline.commit);
  const [paths, commits] = same
    ? [[], []]
    : await Promise.all([history.changedPaths(baseline.commit, head), history.between(baseline.commit, head)]);
  const from = hypothetical ? before.key : baseline.inputs.packaging;
  return {
    messages: commits.map(({ message }) => message),
    paths: classify(paths, packaging.regions, applicationPackaging(from, packaging, before)),
    packaging: { from, to: packaging.key },
    bases: hypothetical ? [] : changedBases(baseline.inputs, inputs),
    settingsChanged: !hypothetical && baseline.inputs.settings !== inputs.settings,
  };
}

/**
 * Packaging paths count whatever the patterns say while the packaging stays where it is. A move between the repositories is a change of
 * packaging as such, seen by comparing the keys.
 */
function applicationPackaging(from: string, now: PackagingFacts, before: PackagingFacts): (path: string) => boolean {
  const stayed = sourceOf(from) === sourceOf(now.key);
  return (path) => stayed && (now.ownsPath(path) || before.ownsPath(path));
}

const sourceOf = (packagingKey: string): string | undefined => packagingKey.split(':')[0];

function changedBases(was: Inputs, is: Inputs) {
  return Object.entries(is.bases)
    .filter(([reference, digest]) => was.bases[reference] !== digest)
    .map(([reference, to]) => ({ reference, from: was.bases[reference] ?? null, to }));
}
