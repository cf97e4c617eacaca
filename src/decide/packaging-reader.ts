import type { EngineImages } from '../engine/contract.js';
import { SlipwayError } from '../errors.js';
import { memoBy } from '../memo.js';
import type { GitHost } from '../git/contract.js';
import type { Pattern } from '../model/pattern.js';
import type { Service } from '../model/service.js';
import { createDifferences, type Differences } from './differences.js';
import { exactPattern, folderPattern } from '../patterns/pattern.js';
import { contextReads, linesOf, type ContextReads } from './context-reads.js';
import type { DecideDeps } from './deps.js';
import type { CentralTree } from '../image/packaging/central.js';
import type { RegionsInForce } from './regions.js';
import { listFiles, type RepositoryFiles } from './repository-files.js';
import type { DockerfileReading } from '../image/dockerfile/dockerfile.js';
import { autoRegions } from '../image/packaging/auto-regions.js';
import {
  inspectPackaging,
  type InspectedPackaging,
  type OwnPaths,
  type Packaging,
} from '../image/packaging/packaging.js';
import { findRunFile, type FoundRunFile } from '../image/packaging/run-file-search.js';
import { readRunFileTexts } from '../image/packaging/run-file-texts.js';
import { passedOverRunFiles } from '../image/packaging/passed-over-run-files.js';
import type { RunFileText } from '../model/release.js';
import { applicationRunFiles } from '../run-file/names.js';
import { runFilePatterns } from './run-file-patterns.js';
import { argsOf } from '../image/dockerfile/injected-args.js';
import { Recent } from '../recent.js';
import type { Misreads } from '../store/contract.js';
import { dockerfileDigest, withMisread } from '../image/dockerfile/misread.js';
import type { Reading } from '../reading/reading.js';

/**
 * Reads packaging at commits, and differences, once each. Every look gets its own reader, so that it sees one state of the central
 * dockerfiles and its services share what is read.
 */
export interface PackagingReader {
  readonly central: CentralTree;
  /** Differences within the service's repository. */
  differences(service: Service): Differences;
  /** `branch` as builds name it: a git tag is `refs/tags/NAME`. */
  at(service: Service, commit: string, branch: string): Promise<ReadPackaging>;
  /** What `at` has read, to build from. Fails as `packagingAt` does. */
  found(service: Service, commit: string): Promise<Packaging>;
  /** Every file of the service's repository at the commit. */
  files(service: Service, commit: string): Promise<RepositoryFiles>;
  /** The run file that belongs to the commit. Its content is not read. */
  runFile(service: Service, commit: string): Promise<FoundRunFile>;
  /** Tests which paths of the repository are run files that do not make the image; see `passedOverRunFiles`. */
  passedOverRunFiles(service: Service, reading: DockerfileReading | null): (path: string) => boolean;
  /** What that run file and its overlays hold. */
  runFileTexts(service: Service, commit: string): Promise<readonly RunFileText[]>;
}

/** A service's packaging at a commit, as far as deciding needs it. */
export interface PackagingFacts {
  /** `application:HASH`, `central:HASH` or `missing`. */
  readonly key: string;
  /** Which paths of the application repository are packaging. */
  readonly own: readonly Pattern[];
  /** Which paths of the application repository are run files that do not make the image. They count for nothing else. */
  readonly runFiles: readonly Pattern[];
  /** The regions in force: written, or derived from the Dockerfile. */
  readonly regions: RegionsInForce;
}

export interface ReadPackaging extends PackagingFacts {
  /** Images that the Dockerfile starts or copies from, with variables expanded. */
  readonly images: readonly string[];
  /** What the Dockerfile reads from the context, or null without a Dockerfile. */
  readonly reads: ContextReads | null;
  /** The ARGs that the Dockerfile declares. Null: they are not known. */
  readonly args: readonly string[] | null;
}

export interface PackagingDeps {
  readonly git: GitHost;
  readonly central: CentralTree;
  readonly reading: Reading;
  /** What is known of Dockerfiles that are read wrongly. Undefined: nothing. */
  readonly misreads?: Pick<Misreads, 'of'>;
  /** Images on the engine. Undefined if the engine must not be asked. */
  readonly images?: Pick<EngineImages, 'find' | 'resolveBase'>;
}

/** Packaging is large: only what was read last is kept, the baseline's beside the head's. */
const MAX_INSPECTED = 4;

const noPackaging = { key: 'missing', own: [], runFiles: [], images: [], reads: null, args: null } as const;

/** Opens the current packaging. Fails as the central dockerfiles do. */
export async function openPackaging({
  git,
  central,
  reading,
  engine,
  store,
}: Pick<DecideDeps, 'git' | 'central' | 'reading'> &
  Partial<Pick<DecideDeps, 'engine' | 'store'>>): Promise<PackagingReader> {
  const misreads = store?.misreads;
  return createPackagingReader({ git, reading, central: await central().current(), images: engine?.images, misreads });
}

export function createPackagingReader(deps: PackagingDeps): PackagingReader {
  const inspected = new Recent<Promise<InspectedPackaging>>({ entries: MAX_INSPECTED, weight: MAX_INSPECTED });
  const inspect = (service: Service, commit: string) => {
    const key = `${service.name} ${commit}`;
    const { tree } = deps.git.mirror(service.repository);
    const deployFile = deployFileOf(service);
    const request = { service, commit, tree, central: deps.central, read: deps.reading.dockerfile, deployFile };
    const found = inspected.get(key) ?? inspectPackaging(request);
    inspected.add(key, found, 1);
    return found;
  };
  const files = memoBy(
    ({ repository }: Service, commit: string) => `${repository} ${commit}`,
    ({ repository }, commit) => listFiles(deps.git.mirror(repository).tree, commit),
  );
  const runFile = memoBy(
    ({ name }: Service, commit: string) => `${name} ${commit}`,
    (service, commit) => {
      const { tree } = deps.git.mirror(service.repository);
      return findRunFile({ service, deployFile: deployFileOf(service), commit, tree, central: deps.central });
    },
  );
  return {
    central: deps.central,
    runFile,
    passedOverRunFiles: passedOver,
    async runFileTexts(service, commit) {
      const { tree } = deps.git.mirror(service.repository);
      return readRunFileTexts(await runFile(service, commit), { service: service.name, tree, central: deps.central });
    },
    differences: memoBy(
      ({ repository }: Service) => repository,
      ({ repository }) => createDifferences(deps.git.mirror(repository).history),
    ),
    at: memoBy(
      ({ name }: Service, commit: string, branch: string) => `${name} ${commit} ${branch}`,
      (service, commit, branch) => read(service, { commit, branch }, { ...deps, files, inspect }),
    ),
    async found(service, commit) {
      const packaging = await inspect(service, commit);
      if (packaging.fault !== null) throw packaging.fault;
      return packaging;
    },
    files,
  };
}

interface Place {
  readonly commit: string;
  readonly branch: string;
}

interface ReadDeps extends PackagingDeps, Pick<PackagingReader, 'files'> {
  readonly inspect: (service: Service, commit: string) => Promise<InspectedPackaging>;
}

async function read(service: Service, place: Place, deps: ReadDeps): Promise<ReadPackaging> {
  const { commit } = place;
  const packaging = await findPackaging(service, commit, deps);
  if (!packaging) return { ...noPackaging, regions: service.regions };
  const reading = await tryReading(packaging, service, place, deps);
  const known = await misreadPath(service, packaging, deps);
  const wide = reading && withMisread(reading, known);
  const { ignoreText: ignore, overlay, place: found } = packaging;
  const reads: ContextReads = {
    ...(await contextReads(service, commit, wide, deps)),
    ...{ ignore, hidden: overlay?.folder ?? null, dockerfile: found.path, lines: linesOf(reading) },
  };
  return {
    key: packaging.key,
    own: ownPatterns(packaging.own),
    runFiles: runFilePatterns(runFilesOf(service), passedOver(service, wide)),
    images: reading?.bases ?? [],
    reads,
    args: reading?.isUnderstood === true && !reading.foreignSyntax ? reading.args : null,
    regions: regionsOf(service, reads, deps),
  };
}

const deployFileOf = ({ deploy }: Service): string | null => deploy?.file ?? null;

const runFilesOf = (service: Service): readonly string[] => applicationRunFiles(service.path, deployFileOf(service));

const passedOver = (service: Service, reading: DockerfileReading | null) =>
  passedOverRunFiles(runFilesOf(service), reading, service.context);

/** Only regions that are derived from the Dockerfile depend on it. */
async function misreadPath(
  { name, autoRegions }: Service,
  { bytes }: InspectedPackaging,
  { misreads }: PackagingDeps,
): Promise<string | null> {
  if (!autoRegions || bytes === null || misreads === undefined) return null;
  return misreads.of({ service: name, dockerfile: dockerfileDigest(bytes) });
}

function ownPatterns({ files, folder }: OwnPaths): readonly Pattern[] {
  return [...files.map(exactPattern), ...(folder === null ? [] : [folderPattern(folder)])];
}

async function findPackaging(
  service: Service,
  commit: string,
  { inspect }: ReadDeps,
): Promise<InspectedPackaging | null> {
  try {
    return await inspect(service, commit);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-not-found') return null;
    throw error;
  }
}

/** A Dockerfile that is invalid or too large still decides: the build then fails and says why. */
async function tryReading(
  { text }: InspectedPackaging,
  service: Service,
  place: Place,
  { reading }: PackagingDeps,
): Promise<DockerfileReading | null> {
  if (text === null) return null;
  const buildArgs = argsOf(service, { ...place, versionTag: null });
  try {
    return await reading.dockerfile(text, { buildArgs, target: service.target });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return null;
    throw error;
  }
}

function regionsOf(service: Service, { sources, ignore }: ContextReads, { reading }: PackagingDeps): RegionsInForce {
  if (!service.autoRegions) return service.regions;
  const request = { context: service.context, sources, ignore };
  const { included, excluded } = autoRegions(request, reading.regions);
  return { included, excluded: [...excluded, ...service.regions.excluded] };
}
