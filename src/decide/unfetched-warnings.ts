import { unfetchedSentences } from '../image/packaging/unfetched.js';
import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import { packPaths } from '../patterns/packed-paths.js';
import type { Reading } from '../reading/reading.js';
import type { CommitOfBranch } from './drift-warnings.js';
import type { PackagingReader } from './packaging-reader.js';

/**
 * Warns if a service's Dockerfile reads submodules or Git LFS files at a commit: the build gets empty folders and pointers. Goes by names and
 * `.gitattributes`, so that a decision fetches no contents. Empty without a Dockerfile.
 */
export async function unfetchedWarnings(
  service: Service,
  { commit, branch }: CommitOfBranch,
  packaging: PackagingReader,
  reading: Reading,
): Promise<readonly Warning[]> {
  const { reads } = await packaging.at(service, commit, branch);
  if (reads === null) return [];
  const files = await packaging.files(service, commit);
  const attributes = await files.attributes();
  if (attributes.length === 0 && files.submodules.length === 0) return [];
  const found = await reading.unfetched({
    sources: reads.sources,
    ignore: reads.ignore,
    hidden: reads.hidden,
    context: service.context,
    submodules: files.submodules,
    attributes,
    files: attributes.length === 0 ? await packPaths([]) : files.paths,
  });
  return unfetchedSentences(found).map((message) => ({ service: service.name, message }));
}
