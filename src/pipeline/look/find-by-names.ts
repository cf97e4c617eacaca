import { regionDrift, type CommitOfBranch } from '../../decide/drift-warnings.js';
import type { PackagingReader } from '../../decide/packaging-reader.js';
import { unfetchedWarnings } from '../../decide/unfetched-warnings.js';
import type { Service } from '../../model/service.js';
import type { LookDeps } from './deps.js';
import type { Findings } from './drift-memory.js';

/**
 * Region drift of a service at a commit, and, if asked for, what its build gets empty or as a pointer. Both depend on names alone, so they are
 * found once for the same names.
 */
export async function findByNames(
  service: Service,
  at: CommitOfBranch,
  which: 'drift' | 'all',
  packaging: PackagingReader,
  { git, reading, drift: memory }: LookDeps,
): Promise<Findings> {
  const { commit, branch } = at;
  const { key, reads } = await packaging.at(service, commit, branch);
  // The Dockerfile's sources may depend on the branch, which is not part of the packaging's key.
  const subject = { commit, key: JSON.stringify([key, reads?.sources]) };
  const { tree } = git.mirror(service.repository);
  const known = await memory.recall(service, subject, (one, other) => tree.sameNames(one, other));
  // Derived regions may change with the engine's images. No files are listed for them.
  const isKnown = known !== null && !service.autoRegions;
  const drift = isKnown ? known.drift : await regionDrift(service, at, packaging, reading);
  const remembered = known?.unfetched ?? null;
  const isWanted = which === 'all' && remembered === null;
  const unfetched = isWanted ? await unfetchedWarnings(service, at, packaging, reading) : remembered;
  if (known === null || isWanted) memory.keep(service, subject, { drift, unfetched });
  return { drift, unfetched };
}
