import type { Artifact } from '../model/artifact.js';
import type { Baseline } from '../model/build.js';
import type { Inputs } from '../model/inputs.js';
import type { Pattern } from '../model/pattern.js';
import type { Service } from '../model/service.js';
import type { PackagingFacts, PackagingReader } from './packaging-reader.js';
import type { ArtifactFacts, CaughtPaths, ChangedBase, Facts, SinceBaseline } from './facts.js';
import { classify, prepared } from './regions.js';
import type { FoundRunFile } from '../image/packaging/run-file-search.js';

export interface GatherRequest {
  readonly service: Service;
  readonly branch: string;
  readonly head: string;
  /** A sentence, or null if nothing forces the build. */
  readonly forced: string | null;
  readonly baseline: Baseline | null;
  /** Identity of the run file of the branch's newest release. Null without one. */
  readonly releasedRunFile: string | null;
  /** Those that count for the head; see `artifactsFor`. */
  readonly artifacts: readonly Artifact[];
  /** A caller named the baseline (`plan`), so there is no recorded build whose bases and settings could be compared. */
  readonly hypothetical: boolean;
  /** Followed base image → digest of its newest image. */
  readonly bases: Readonly<Record<string, string>>;
}

export interface GatheredFacts {
  readonly facts: Facts;
  readonly inputs: Inputs;
  /** The artifact to build from, or null. */
  readonly artifact: Artifact | null;
  /** The run file that belongs to the head. */
  readonly runFile: FoundRunFile;
}

/** Gathers the facts that `decide` needs for one service and branch, and the identity of the inputs that they describe. */
export async function gatherFacts(request: GatherRequest, reader: PackagingReader): Promise<GatheredFacts> {
  const { service, branch, head, forced, baseline } = request;
  const packaging = await reader.at(service, head, branch);
  const inputs: Inputs = {
    head,
    packaging: packaging.key,
    settings: service.settingsFingerprint,
    bases: request.bases,
  };
  const chosen = await chooseArtifact(request, packaging, reader);
  const facts: Facts = {
    service: service.name,
    branch,
    head,
    forced,
    branchConfigured: service.branches.some((pattern) => pattern.matches(branch)),
    artifact: service.trigger === 'artifact' ? (chosen?.facts ?? 'none') : null,
    baseline: baseline?.commit ?? null,
    since: baseline && (await sinceBaseline(request, baseline, inputs, packaging, reader)),
  };
  const artifact = chosen?.artifact ?? request.artifacts[0] ?? null;
  return { facts, inputs, artifact, runFile: await reader.runFile(service, head) };
}

interface ChosenArtifact {
  readonly artifact: Artifact;
  readonly facts: ArtifactFacts;
}

/** The first artifact that fits, else the first. Null if there is none, or if the service may be built without one. */
async function chooseArtifact(
  request: GatherRequest,
  packaging: PackagingFacts,
  reader: PackagingReader,
): Promise<ChosenArtifact | null> {
  let first: ChosenArtifact | null = null;
  if (request.service.trigger !== 'artifact') return null;
  for (const artifact of request.artifacts) {
    const chosen = { artifact, facts: await artifactFacts(request, artifact, packaging, reader) };
    if (chosen.facts.changed.count === 0) return chosen;
    first ??= chosen;
  }
  return first;
}

async function artifactFacts(
  { service, branch, head }: GatherRequest,
  artifact: Artifact,
  packaging: PackagingFacts,
  reader: PackagingReader,
): Promise<ArtifactFacts> {
  if (artifact.commit === head) return { commit: head, changed: nothing };
  const { changed } = await reader.differences(service).between(artifact.commit, head);
  const before = await reader.at(service, artifact.commit, branch);
  const apart = [...packaging.own, ...before.own, ...packaging.runFiles];
  const source = await changed.without(apart);
  const { counted } = classify(await prepared(source, packaging.regions, []), packaging.regions, []);
  return { commit: artifact.commit, changed: counted };
}

const nothing: CaughtPaths = { count: 0, first: [], patterns: [] };

async function sinceBaseline(
  request: GatherRequest,
  baseline: Baseline,
  inputs: Inputs,
  packaging: PackagingFacts,
  reader: PackagingReader,
): Promise<SinceBaseline | null> {
  const { service, branch, head, hypothetical } = request;
  const differences = reader.differences(service);
  if (!(await differences.has(baseline.commit))) return null;
  const before = baseline.commit === head ? packaging : await reader.at(service, baseline.commit, branch);
  const { changed, messages } = await differences.between(baseline.commit, head);
  const from = hypothetical || isOfCommit(baseline.inputs, inputs, before) ? before.key : baseline.inputs.packaging;
  const { regions, runFiles } = packaging;
  const own = applicationPackaging(from, packaging, before);
  return {
    messages,
    paths: classify(await prepared(changed, regions, own, runFiles), regions, own, runFiles),
    packaging: { from, to: packaging.key },
    bases: hypothetical ? [] : changedBases(baseline.inputs, inputs),
    settingsChanged: !hypothetical && baseline.inputs.settings !== inputs.settings,
    runFile: {
      from: hypothetical ? (await reader.runFile(service, baseline.commit)).hash : request.releasedRunFile,
      to: (await reader.runFile(service, head)).hash,
    },
  };
}

/**
 * The packaging of an application follows from commit and settings alone. So its recorded key is not needed, which may be of a time when
 * other files were run files.
 */
const isOfCommit = (was: Inputs, is: Inputs, before: PackagingFacts): boolean =>
  sourceOf(was.packaging) === 'application' && sourceOf(before.key) === 'application' && was.settings === is.settings;

/**
 * Packaging paths always count, whatever the patterns say, as long as the packaging stays in its repository. Comparing the keys finds a
 * move.
 */
export function applicationPackaging(from: string, now: PackagingFacts, before: PackagingFacts): readonly Pattern[] {
  return sourceOf(from) === sourceOf(now.key) ? [...now.own, ...before.own] : [];
}

const sourceOf = (packagingKey: string): string | undefined => packagingKey.split(':')[0];

function changedBases(was: Inputs, is: Inputs): readonly ChangedBase[] {
  return Object.entries(is.bases)
    .filter(([reference, digest]) => was.bases[reference] !== digest)
    .map(([reference, to]) => ({ reference, from: was.bases[reference] ?? null, to }));
}
