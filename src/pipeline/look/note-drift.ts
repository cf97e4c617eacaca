import { driftWarnings, type CommitOfBranch } from '../../decide/drift-warnings.js';
import type { PackagingReader } from '../../decide/packaging-reader.js';
import { SlipwayError } from '../../errors.js';
import { isTag } from '../../git-ref.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Look } from '../../model/look.js';
import type { Service } from '../../model/service.js';
import type { Warning } from '../../model/warning.js';
import type { LookDeps } from './deps.js';

/**
 * Stores warnings about a delivery's services beside its decisions, and logs them. Runs after the decisions, so that no build waits. A
 * failure leaves the decisions as they are.
 */
export async function noteDrift(
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
    for (const { service: name, branch, head } of recorded) {
      const service = services().get(name);
      if (!service || head === null || isTag(branch)) continue;
      warnings.push(...(await rememberedWarnings(service, { commit: head, branch }, packaging, deps)));
    }
    if (warnings.length > 0) await store.deliveries.warn(deliveryId, warnings);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    log.debug(
      { delivery: deliveryId, code: error.code },
      `could not compare regions and Dockerfiles: ${error.message}`,
    );
  }
  for (const { service, message } of warnings) log.warn({ service, delivery: deliveryId }, message);
}

async function rememberedWarnings(
  service: Service,
  at: CommitOfBranch,
  packaging: PackagingReader,
  { git, reading, drift: memory }: LookDeps,
): Promise<readonly Warning[]> {
  // Derived regions may change with the engine's images. No files are listed for them.
  if (service.autoRegions) return driftWarnings(service, at, packaging, reading);
  const { commit, branch } = at;
  const { key, reads } = await packaging.at(service, commit, branch);
  // The Dockerfile's sources may depend on the branch, which is not part of the packaging's key.
  const subject = { commit, key: JSON.stringify([key, reads?.sources]) };
  const { tree } = git.mirror(service.repository);
  const known = await memory.recall(service, subject, (one, other) => tree.sameNames(one, other));
  if (known !== null) return known;
  const warnings = await driftWarnings(service, at, packaging, reading);
  memory.keep(service, subject, warnings);
  return warnings;
}
