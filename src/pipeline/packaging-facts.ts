import { SlipwayError } from '../errors.js';
import type { GitHost } from '../git/contract.js';
import type { Pattern, Regions, Service } from '../model.js';
import { createDifferences, type Differences } from './changes/differences.js';
import type { PackagingFacts } from './changes/gather.js';
import { exactPattern, folderPattern } from './changes/pattern.js';
import type { PipelineDeps } from './deps.js';
import type { CentralTree } from './image/central.js';
import { readDockerfile, type DockerfileReading } from './image/dockerfile.js';
import { autoRegions } from './image/auto-regions.js';
import { packagingAt, type OwnPaths, type Packaging } from './image/packaging.js';

/**
 * Reads packaging at commits and what differs between them, each once; made anew for every look, so that one look sees one state of the
 * central dockerfiles, and its services share what they have in common.
 */
export interface PackagingReader {
  readonly central: CentralTree;
  /** In the service's repository. */
  differences(service: Service): Differences;
  at(service: Service, commit: string): Promise<ReadPackaging>;
}

export interface ReadPackaging extends PackagingFacts {
  /** Images that the Dockerfile begins or copies from, as it names them once expanded. */
  readonly images: readonly string[];
}

export interface PackagingDeps {
  readonly git: GitHost;
  readonly central: CentralTree;
}

const NONE = { key: 'missing', own: [], images: [] } as const;

/** The packaging as it is now. Fails as the central dockerfiles do. */
export async function openPackaging({ git, central }: Pick<PipelineDeps, 'git' | 'central'>): Promise<PackagingReader> {
  return createPackagingReader({ git, central: await central().current() });
}

export function createPackagingReader(deps: PackagingDeps): PackagingReader {
  const known = new Map<string, Promise<ReadPackaging>>();
  const compared = new Map<string, Differences>();
  return {
    central: deps.central,
    differences({ repository }) {
      const found = compared.get(repository) ?? createDifferences(deps.git.mirror(repository).history);
      compared.set(repository, found);
      return found;
    },
    at(service, commit) {
      const key = `${service.name} ${commit}`;
      const facts = known.get(key) ?? read(service, commit, deps);
      known.set(key, facts);
      return facts;
    },
  };
}

async function read(service: Service, commit: string, deps: PackagingDeps): Promise<ReadPackaging> {
  const packaging = await findPackaging(service, commit, deps);
  if (!packaging) return { ...NONE, regions: service.regions };
  const reading = tryReading(packaging, service);
  return {
    key: packaging.key,
    own: ownPatterns(packaging.own),
    images: reading?.bases ?? [],
    regions: regionsOf(service, packaging, reading),
  };
}

function ownPatterns({ files, folder }: OwnPaths): readonly Pattern[] {
  return [...files.map(exactPattern), ...(folder === null ? [] : [folderPattern(folder)])];
}

async function findPackaging(
  service: Service,
  commit: string,
  { git, central }: PackagingDeps,
): Promise<Packaging | null> {
  try {
    return await packagingAt({ service, commit, tree: git.mirror(service.repository).tree, central });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-not-found') return null;
    throw error;
  }
}

/** A Dockerfile that does not parse still decides: the build that follows says what is wrong with it. */
function tryReading(packaging: Packaging, service: Service): DockerfileReading | null {
  try {
    return readDockerfile(packaging.text, { buildArgs: service.buildArgs, target: service.target });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return null;
    throw error;
  }
}

function regionsOf(service: Service, packaging: Packaging, reading: DockerfileReading | null): Regions {
  if (!service.autoRegions) return service.regions;
  const { included, excluded } = autoRegions({
    context: service.context,
    sources: reading?.sources ?? 'whole',
    ignore: packaging.ignoreText,
  });
  return { included, excluded: [...excluded, ...service.regions.excluded] };
}
