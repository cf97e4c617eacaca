import { revivePattern, type WrittenPattern } from '../patterns/pattern.js';
import { statedVersion } from '../image/version/stated-version.js';
import { matchAutoRegions, passesThroughLink } from '../image/packaging/auto-regions.js';
import { readDockerfile, type ReadingOptions } from '../image/dockerfile/dockerfile.js';
import { readOutline } from '../image/dockerfile/outline.js';
import { drift, type DriftFound, type DriftRequest } from '../image/packaging/drift.js';
import { findUnfetched } from '../image/packaging/unfetched.js';
import { readRunFile } from '../run-file/run-file.js';
import { unpack, type PackedPaths } from '../patterns/packed-paths.js';
import { createParseMemo } from '../image/dockerfile/parse-memo.js';
import { selectContext } from '../image/context/select-context.js';

export interface DriftQuestion extends Omit<DriftRequest, 'regions' | 'packaging' | 'files'> {
  readonly regions: { readonly included: readonly WrittenPattern[]; readonly excluded: readonly WrittenPattern[] };
  readonly packaging: readonly WrittenPattern[];
  readonly files: PackedPaths;
}

function findDrift({ regions, packaging, files, ...request }: DriftQuestion): readonly DriftFound[] {
  const paths = [...unpack(files)].sort();
  return drift({
    ...request,
    regions: { included: regions.included.map(revivePattern), excluded: regions.excluded.map(revivePattern) },
    packaging: packaging.map(revivePattern),
    files: paths,
  });
}

/** All functions that read or match repository contents. Pure; see `Reading`. */
export function createReadingTasks() {
  const parse = createParseMemo();
  return {
    dockerfile: ({ text, options }: { readonly text: string; readonly options: ReadingOptions }) =>
      readDockerfile(text, options, parse),
    outline: ({ text }: { readonly text: string }) => readOutline(text),
    context: selectContext,
    regions: matchAutoRegions,
    throughLink: passesThroughLink,
    drift: findDrift,
    unfetched: findUnfetched,
    runFile: readRunFile,
    version: ({ file, content }: { readonly file: string; readonly content: Uint8Array }) =>
      statedVersion(file, Buffer.from(content)),
  };
}

export type ReadingTasks = ReturnType<typeof createReadingTasks>;
