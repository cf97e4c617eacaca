import { SlipwayError } from '../errors.js';
import type { Environment } from '../model/environment.js';
import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { QueueDeps } from '../queue/deps.js';
import { driftWarnings } from '../decide/drift-warnings.js';
import { openPackaging, type PackagingReader } from '../decide/packaging-reader.js';
import { versionArgWarnings } from './version-args.js';

export interface RecordDeps extends QueueDeps {
  readonly environments: () => ReadonlyMap<string, Environment>;
}

/**
 * Finds services whose regions and Dockerfiles have drifted apart, at the heads that were last decided, and those whose
 * containers cannot say their version. Heads without a decision or outside the mirrors are skipped.
 */
export async function recordedDrift(deps: RecordDeps): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  const packaging = await openPackaging(deps);
  for (const service of deps.services().values()) {
    const head = await lastHead(service, deps);
    if (head !== null) warnings.push(...(await tryDrift(service, head, packaging, deps)));
    warnings.push(...(await versionArgWarnings(service, packaging, deps)));
  }
  return warnings;
}

interface Head {
  readonly commit: string;
  readonly branch: string;
}

/** Of the first literal branch with a decision. */
async function lastHead({ name, literalBranches }: Service, { store }: QueueDeps): Promise<Head | null> {
  for (const branch of literalBranches) {
    const commit = (await store.decisions.newest(name, branch))?.head;
    if (commit) return { commit, branch };
  }
  return null;
}

async function tryDrift(
  service: Service,
  head: Head,
  packaging: PackagingReader,
  { git, reading }: QueueDeps,
): Promise<readonly Warning[]> {
  try {
    if (!(await git.mirror(service.repository).history.has(head.commit))) return [];
    return await driftWarnings(service, head, packaging, reading);
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}
