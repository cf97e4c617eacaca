import { asWarnings } from '../../decide/drift-warnings.js';
import type { PackagingReader } from '../../decide/packaging-reader.js';
import { unfetchedWarnings } from '../../decide/unfetched-warnings.js';
import { versionWarnings } from '../../decide/version-warnings.js';
import { SlipwayError } from '../../errors.js';
import { isTag } from '../../git-ref.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Look } from '../../model/look.js';
import type { Service } from '../../model/service.js';
import type { Warning } from '../../model/warning.js';
import type { LookDeps } from './deps.js';
import { findByNames } from './find-by-names.js';
import { lookForDrift, noteDrift } from './note-drift.js';
import type { Target } from './targets.js';

/**
 * Stores warnings about a delivery's services beside its decisions, and logs them: regions and Dockerfiles that drifted apart, what a build
 * reads and gets empty or as a pointer, and what its version says. Region drift is also stored for each branch, and that for every look and
 * every target: what the sweep finds as it was may have other regions by now. Runs after the decisions, so that no build waits. A failure
 * leaves the decisions as they are.
 */
export async function noteWarnings(
  look: Look,
  recorded: readonly RecordedDecision[],
  targets: readonly Target[],
  packaging: PackagingReader,
  deps: LookDeps,
): Promise<void> {
  const { deliveryId } = look.trigger;
  const told = deliveryId === null ? [] : recorded;
  if (deliveryId !== null) await warn(deliveryId, told, packaging, deps);
  const isTold = new Set(told.map(({ service, branch }) => `${service}\0${branch}`));
  for (const { service, branch, head: commit } of targets) {
    if (isTag(branch) || isTold.has(`${service.name}\0${branch}`)) continue;
    await trying({ service: service.name, branch }, deps, () =>
      lookForDrift({ service, branch, commit }, packaging, deps),
    );
  }
}

async function warn(
  deliveryId: string,
  decisions: readonly RecordedDecision[],
  packaging: PackagingReader,
  deps: LookDeps,
): Promise<void> {
  const { store, services, log } = deps;
  const warnings: Warning[] = [];
  await trying({ delivery: deliveryId }, deps, async () => {
    for (const decision of decisions) {
      const service = services().get(decision.service);
      if (service) warnings.push(...(await warningsOf(decision, service, packaging, deps)));
    }
    if (warnings.length > 0) await store.deliveries.warn(deliveryId, warnings);
  });
  for (const { service, message } of warnings) log.warn({ service, delivery: deliveryId }, message);
}

/** Only a build has a version. Regions say nothing of a git tag. */
async function warningsOf(
  { branch, head, buildId }: RecordedDecision,
  service: Service,
  packaging: PackagingReader,
  deps: LookDeps,
): Promise<readonly Warning[]> {
  if (head === null) return [];
  const ofPaths = isTag(branch)
    ? await unfetchedWarnings(service, { commit: head, branch }, packaging, deps.reading)
    : await branchWarnings(service, branch, head, packaging, deps);
  if (buildId === null) return ofPaths;
  const asked = (await deps.store.builds.get(buildId))?.version ?? null;
  return [...ofPaths, ...(await versionWarnings(service, head, asked, deps))];
}

async function branchWarnings(
  service: Service,
  branch: string,
  commit: string,
  packaging: PackagingReader,
  deps: LookDeps,
): Promise<readonly Warning[]> {
  const { drift, unfetched } = await findByNames(service, { commit, branch }, 'all', packaging, deps);
  await noteDrift({ service, branch, commit }, drift, packaging, deps);
  return [...asWarnings(service, drift), ...(unfetched ?? [])];
}

async function trying(about: object, { log }: LookDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    log.debug({ ...about, code: error.code }, `could not look for warnings: ${error.message}`);
  }
}
