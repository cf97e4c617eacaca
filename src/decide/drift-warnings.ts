import { SlipwayError } from '../errors.js';
import type { Look } from '../model/look.js';
import type { RecordedDecision } from '../model/decision.js';
import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { PipelineDeps } from './deps.js';
import type { PackagingReader } from './packaging-reader.js';
import type { WrittenPattern } from '../patterns/pattern.js';
import type { Reading } from '../reading/reading.js';
import { isTag } from '../git-ref.js';

interface CommitOfBranch {
  readonly commit: string;
  readonly branch: string;
}

/** Where a service's regions and its Dockerfile have drifted apart at a commit; nothing where it has no Dockerfile. */
export async function driftWarnings(
  service: Service,
  { commit, branch }: CommitOfBranch,
  packaging: PackagingReader,
  reading: Reading,
): Promise<readonly Warning[]> {
  const { reads, own } = await packaging.at(service, commit, branch);
  if (reads === null) return [];
  const said = (message: string): Warning => ({ service: service.name, message });
  if (service.autoRegions) {
    const { wholeBecause } = reads;
    return wholeBecause === null ? [] : [said(`includedRegions: auto takes the whole context: ${wholeBecause}.`)];
  }
  const { paths: files } = await packaging.files(service, commit);
  const { included, excluded } = service.regions;
  const found = await reading.drift({
    sources: reads.sources,
    ignore: reads.ignore,
    context: service.context,
    regions: { included: included.map(written), excluded: excluded.map(written) },
    packaging: own.map(written),
    files,
  });
  return found.map(said);
}

const written = ({ text, literal }: WrittenPattern): WrittenPattern => ({ text, literal });

/**
 * Keeps the warnings about a delivery's services beside its decisions, and logs them. Afterwards, so that no build waits for it: where it
 * fails, the decisions stand.
 */
export async function noteDrift(
  look: Look,
  recorded: readonly RecordedDecision[],
  packaging: PackagingReader,
  deps: PipelineDeps,
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
      `regions and Dockerfiles were not compared: ${error.message}`,
    );
  }
  for (const { service, message } of warnings) log.warn({ service, delivery: deliveryId }, message);
}

async function rememberedWarnings(
  service: Service,
  at: CommitOfBranch,
  packaging: PackagingReader,
  { git, reading, drift: memory }: PipelineDeps,
): Promise<readonly Warning[]> {
  // What is derived from the Dockerfile may change with the engine's images; no file is looked at for it.
  if (service.autoRegions) return driftWarnings(service, at, packaging, reading);
  const { commit, branch } = at;
  const { key, reads } = await packaging.at(service, commit, branch);
  // What is read may be named by the branch, of which the packaging's key knows nothing.
  const subject = { commit, key: JSON.stringify([key, reads?.sources]) };
  const { tree } = git.mirror(service.repository);
  const known = await memory.recall(service, subject, (one, other) => tree.sameNames(one, other));
  if (known !== null) return known;
  const warnings = await driftWarnings(service, at, packaging, reading);
  memory.keep(service, subject, warnings);
  return warnings;
}
