import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { PackagingReader } from './packaging-reader.js';
import type { RegionDrift } from '../store/contract.js';
import { exactPattern, type WrittenPattern } from '../patterns/pattern.js';
import type { Reading } from '../reading/reading.js';

export interface CommitOfBranch {
  readonly commit: string;
  readonly branch: string;
}

/** Warns if a service's regions and its Dockerfile have drifted apart at a commit. Empty without a Dockerfile. */
export async function driftWarnings(
  service: Service,
  at: CommitOfBranch,
  packaging: PackagingReader,
  reading: Reading,
): Promise<readonly Warning[]> {
  return asWarnings(service, await regionDrift(service, at, packaging, reading));
}

/** The sentences of region drift. */
export const asWarnings = ({ name }: Service, drift: readonly RegionDrift[]): readonly Warning[] =>
  drift.map(({ message }) => ({ service: name, message }));

/** Where a service's regions and its Dockerfile have drifted apart at a commit. Empty without a Dockerfile. */
export async function regionDrift(
  service: Service,
  { commit, branch }: CommitOfBranch,
  packaging: PackagingReader,
  reading: Reading,
): Promise<readonly RegionDrift[]> {
  const { reads, own, runFiles } = await packaging.at(service, commit, branch);
  if (reads === null) return [];
  if (service.autoRegions) {
    const { wholeBecause } = reads;
    if (wholeBecause === null) return [];
    return [{ message: `includedRegions: auto takes the whole context: ${wholeBecause}.`, dockerfile: null }];
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
  return found.map(({ message, source }) => {
    const line = source === null ? undefined : reads.lines.get(source);
    return { message, dockerfile: line === undefined ? null : { path: reads.dockerfile, line } };
  });
}

const written = ({ text, literal }: WrittenPattern): WrittenPattern => ({ text, literal });
