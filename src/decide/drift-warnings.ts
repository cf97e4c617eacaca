import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { PackagingReader } from './packaging-reader.js';
import { exactPattern, type WrittenPattern } from '../patterns/pattern.js';
import type { Reading } from '../reading/reading.js';

export interface CommitOfBranch {
  readonly commit: string;
  readonly branch: string;
}

/** Warns if a service's regions and its Dockerfile have drifted apart at a commit. Empty without a Dockerfile. */
export async function driftWarnings(
  service: Service,
  { commit, branch }: CommitOfBranch,
  packaging: PackagingReader,
  reading: Reading,
): Promise<readonly Warning[]> {
  const { reads, own, runFiles } = await packaging.at(service, commit, branch);
  if (reads === null) return [];
  const said = (message: string): Warning => ({ service: service.name, message });
  if (service.autoRegions) {
    const { wholeBecause } = reads;
    return wholeBecause === null ? [] : [said(`includedRegions: auto takes the whole context: ${wholeBecause}.`)];
  }
  const { paths: files } = await packaging.files(service, commit);
  const { included, excluded } = service.regions;
  const { source, entries } = await packaging.runFile(service, commit);
  const inForce = source === 'application' ? entries.map(({ path }) => path) : [];
  // Their changes are meant to build nothing.
  const apart = inForce.filter((path) => runFiles.some((pattern) => pattern.matches(path)));
  const found = await reading.drift({
    sources: reads.sources,
    ignore: reads.ignore,
    context: service.context,
    regions: { included: included.map(written), excluded: excluded.map(written) },
    packaging: [...own, ...apart.map(exactPattern)].map(written),
    files,
  });
  return found.map(said);
}

const written = ({ text, literal }: WrittenPattern): WrittenPattern => ({ text, literal });
