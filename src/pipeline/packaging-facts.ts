import { SlipwayError } from '../errors.js';
import type { GitHost } from '../git/contract.js';
import type { Regions, Service } from '../model.js';
import type { Tags } from '../store/contract.js';
import type { PackagingFacts } from './changes/gather.js';
import type { PipelineDeps } from './deps.js';
import type { CentralTree } from './image/central.js';
import { readDockerfile, type DockerfileReading } from './image/dockerfile.js';
import { autoRegions } from './image/auto-regions.js';
import { packagingAt, type Packaging } from './image/packaging.js';

/** Reads packaging at commits, each once; made anew for every look, so that one look sees one state of the central dockerfiles. */
export interface PackagingReader {
  readonly central: CentralTree;
  at(service: Service, commit: string): Promise<PackagingFacts>;
}

export interface PackagingDeps {
  readonly git: GitHost;
  readonly tags: Tags;
  /** `host[:port]` of our registry. */
  readonly registryHost: string;
  readonly services: ReadonlyMap<string, Service>;
  readonly central: CentralTree;
}

const NONE: Omit<PackagingFacts, 'regions'> = { key: 'missing', ownsPath: () => false, bases: {} };

/** The packaging as it is now. Fails as the central dockerfiles do. */
export async function openPackaging({
  git,
  store,
  registryHost,
  services,
  central,
}: Pick<PipelineDeps, 'git' | 'store' | 'registryHost' | 'services' | 'central'>): Promise<PackagingReader> {
  const current = await central().current();
  return createPackagingReader({ git, tags: store.tags, registryHost, services: services(), central: current });
}

export function createPackagingReader(deps: PackagingDeps): PackagingReader {
  const known = new Map<string, Promise<PackagingFacts>>();
  return {
    central: deps.central,
    at(service, commit) {
      const key = `${service.name} ${commit}`;
      const facts = known.get(key) ?? read(service, commit, deps);
      known.set(key, facts);
      return facts;
    },
  };
}

async function read(service: Service, commit: string, deps: PackagingDeps): Promise<PackagingFacts> {
  const packaging = await findPackaging(service, commit, deps);
  if (!packaging) return { ...NONE, regions: service.regions };
  const reading = tryReading(packaging, service);
  return {
    key: packaging.key,
    ownsPath: (path) => packaging.ownsPath(path),
    bases: reading ? await serviceBases(reading.bases, deps) : {},
    regions: regionsOf(service, packaging, reading),
  };
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

/** Which of the base images other services make, and the digest that each of these names has now. */
export async function serviceBases(
  references: readonly string[],
  { tags, registryHost, services }: Pick<PackagingDeps, 'tags' | 'registryHost' | 'services'>,
): Promise<Record<string, string>> {
  const ours = new Set([...services.values()].map(({ image }) => image));
  const found: Record<string, string> = {};
  for (const reference of references) {
    const name = parseReference(reference, registryHost);
    if (!name || !ours.has(name.repository)) continue;
    const row = await tags.get(name.repository, name.tag);
    if (row?.digest) found[reference] = row.digest;
  }
  return found;
}

/** `host/name[:tag]` of our registry; null for any other image and for one named by digest, which never gets newer. */
function parseReference(reference: string, host: string): { repository: string; tag: string } | null {
  if (!reference.startsWith(`${host}/`) || reference.includes('@')) return null;
  const name = reference.slice(host.length + 1);
  const colon = name.lastIndexOf(':');
  return colon < 0
    ? { repository: name, tag: 'latest' }
    : { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}
