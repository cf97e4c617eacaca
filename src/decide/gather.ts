import type { Artifact } from '../model/artifact.js';
import type { Baseline } from '../model/build.js';
import type { Inputs } from '../model/inputs.js';
import type { Pattern } from '../model/pattern.js';
import type { Service } from '../model/service.js';
import type { PackagingFacts, PackagingReader } from './packaging-reader.js';
import type { ChangedBase, Facts, SinceBaseline } from './facts.js';
import { classify, prepared } from './regions.js';

export interface GatherRequest {
  readonly service: Service;
  readonly branch: string;
  readonly head: string;
  /** A sentence, or null if nothing forces the build. */
  readonly forced: string | null;
  readonly baseline: Baseline | null;
  /** `none`: the branch has no artifact. Null: the service is not built from artifacts. */
  readonly artifact: Artifact | 'none' | null;
  /** A caller named the baseline (`plan`), so there is no recorded build whose bases and settings could be compared. */
  readonly hypothetical: boolean;
  /** Followed base image → digest of its newest image. */
  readonly bases: Readonly<Record<string, string>>;
}

/** Gathers the facts that `decide` needs for one service and branch, and the identity of the inputs that they describe. */
export async function gatherFacts(
  request: GatherRequest,
  reader: PackagingReader,
): Promise<{ readonly facts: Facts; readonly inputs: Inputs }> {
  const { service, branch, head, forced, baseline } = request;
  const packaging = await reader.at(service, head, branch);
  const inputs: Inputs = {
    head,
    packaging: packaging.key,
    settings: service.settingsFingerprint,
    bases: request.bases,
  };
  const facts: Facts = {
    service: service.name,
    branch,
    head,
    forced,
    branchConfigured: service.branches.some((pattern) => pattern.matches(branch)),
    artifact: await artifactFacts(request, packaging, reader),
    baseline: baseline?.commit ?? null,
    since: baseline && (await sinceBaseline(request, baseline, inputs, packaging, reader)),
  };
  return { facts, inputs };
}

async function artifactFacts(
  { service, branch, head, artifact }: GatherRequest,
  packaging: PackagingFacts,
  reader: PackagingReader,
): Promise<Facts['artifact']> {
  if (service.trigger !== 'artifact' || artifact === null) return null;
  if (artifact === 'none') return 'none';
  const differences = reader.differences(service);
  if (!(await differences.has(artifact.commit))) return { commit: artifact.commit, changed: null };
  const { changed } = await differences.between(artifact.commit, head);
  const before = await reader.at(service, artifact.commit, branch);
  const own = [...packaging.own, ...before.own];
  const source = await changed.without(own);
  const { counted } = classify(await prepared(source, packaging.regions, []), packaging.regions, []);
  return { commit: artifact.commit, changed: counted };
}

async function sinceBaseline(
  { service, branch, head, hypothetical }: GatherRequest,
  baseline: Baseline,
  inputs: Inputs,
  packaging: PackagingFacts,
  reader: PackagingReader,
): Promise<SinceBaseline | null> {
  const differences = reader.differences(service);
  if (!(await differences.has(baseline.commit))) return null;
  const before = baseline.commit === head ? packaging : await reader.at(service, baseline.commit, branch);
  const { changed, messages } = await differences.between(baseline.commit, head);
  const from = hypothetical ? before.key : baseline.inputs.packaging;
  const { regions } = packaging;
  const own = applicationPackaging(from, packaging, before);
  return {
    messages,
    paths: classify(await prepared(changed, regions, own), regions, own),
    packaging: { from, to: packaging.key },
    bases: hypothetical ? [] : changedBases(baseline.inputs, inputs),
    settingsChanged: !hypothetical && baseline.inputs.settings !== inputs.settings,
  };
}

/**
 * Packaging paths always count, whatever the patterns say, as long as the packaging stays in its repository. Comparing the keys finds a
 * move.
 */
function applicationPackaging(from: string, now: PackagingFacts, before: PackagingFacts): readonly Pattern[] {
  return sourceOf(from) === sourceOf(now.key) ? [...now.own, ...before.own] : [];
}

const sourceOf = (packagingKey: string): string | undefined => packagingKey.split(':')[0];

function changedBases(was: Inputs, is: Inputs): readonly ChangedBase[] {
  return Object.entries(is.bases)
    .filter(([reference, digest]) => was.bases[reference] !== digest)
    .map(([reference, to]) => ({ reference, from: was.bases[reference] ?? null, to }));
}
