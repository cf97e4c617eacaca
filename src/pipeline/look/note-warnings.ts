import { driftWarnings, type CommitOfBranch } from '../../decide/drift-warnings.js';
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

/**
 * Stores warnings about a delivery's services beside its decisions, and logs them: regions and Dockerfiles that drifted apart, what a build
 * reads and gets empty or as a pointer, and what its version says. Runs after the decisions, so that no build waits. A failure leaves the
 * decisions as they are.
 */
export async function noteWarnings(
  look: Look,
  recorded: readonly RecordedDecision[],
  packaging: PackagingReader,
  deps: LookDeps,
): Promise<void> {
  const { store, services, log } = deps;
  const { deliveryId } = look.trigger;
  if (deliveryId === null) return;
  const warnings: Warning[] = [];
  try {
    for (const decision of recorded) {
      const service = services().get(decision.service);
      if (service) warnings.push(...(await warningsOf(decision, service, packaging, deps)));
    }
    if (warnings.length > 0) await store.deliveries.warn(deliveryId, warnings);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    log.debug({ delivery: deliveryId, code: error.code }, `could not look for warnings: ${error.message}`);
  }
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
  const at = { commit: head, branch };
  const ofPaths = isTag(branch)
    ? await unfetchedWarnings(service, at, packaging, deps.reading)
    : await rememberedWarnings(service, at, packaging, deps);
  if (buildId === null) return ofPaths;
  const asked = (await deps.store.builds.get(buildId))?.version ?? null;
  return [...ofPaths, ...(await versionWarnings(service, head, asked, deps))];
}

/** Warnings that depend on names alone are found once for the same names. */
async function rememberedWarnings(
  service: Service,
  at: CommitOfBranch,
  packaging: PackagingReader,
  { git, reading, drift: memory }: LookDeps,
): Promise<readonly Warning[]> {
  // Derived regions may change with the engine's images. No files are listed for them.
  const derived = service.autoRegions ? await driftWarnings(service, at, packaging, reading) : [];
  const { commit, branch } = at;
  const { key, reads } = await packaging.at(service, commit, branch);
  // The Dockerfile's sources may depend on the branch, which is not part of the packaging's key.
  const subject = { commit, key: JSON.stringify([key, reads?.sources]) };
  const { tree } = git.mirror(service.repository);
  const known = await memory.recall(service, subject, (one, other) => tree.sameNames(one, other));
  if (known !== null) return [...derived, ...known];
  const written = service.autoRegions ? [] : await driftWarnings(service, at, packaging, reading);
  const warnings = [...written, ...(await unfetchedWarnings(service, at, packaging, reading))];
  memory.keep(service, subject, warnings);
  return [...derived, ...warnings];
}
