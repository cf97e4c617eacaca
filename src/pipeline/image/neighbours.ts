import { SlipwayError } from '../../errors.js';
import type { Service } from '../../model.js';
import { isCentralFolder } from './central-folder-name.js';
import type { CentralFile, CentralTree } from './central-tree.js';
import { readDockerfile } from './dockerfile.js';
import { byBytes, joinPath, pathBelow } from './paths.js';

/**
 * The other folders of the central dockerfiles that a service's central Dockerfile reads from: first names below the docker folder that it
 * spells out in COPY, ADD or a bind mount, and that the service's own folder does not have.
 */
function neighboursOf(service: Service, text: string, own: readonly string[]): readonly string[] {
  const folder = joinPath(service.path, 'docker');
  const names = sourcesOf(text, service).flatMap((source) => {
    const below = pathBelow(folder, joinPath(service.context, source));
    return below?.split('/')[0] ?? [];
  });
  const isOwn = (name: string): boolean => own.some((path) => pathBelow(name, path) !== null);
  return [...new Set(names)].filter((name) => isCentralFolder(name) && name !== service.name && !isOwn(name));
}

/** The services that use one of these central folders: their own, or one that their central Dockerfile reads from. */
export async function usersOf(
  folders: ReadonlySet<string>,
  services: readonly Service[],
  central: CentralTree,
): Promise<readonly Service[]> {
  const outlines = await central.outlines(services.map(({ name }) => name));
  return services.filter((service) => {
    if (folders.has(service.name)) return true;
    const { paths = [], dockerfile = null } = outlines.get(service.name) ?? {};
    return dockerfile !== null && neighboursOf(service, dockerfile, paths).some((name) => folders.has(name));
  });
}

/** What stands in for a docker folder: the service's own central folder with its neighbours in it, each under its name. */
export async function withNeighbours(
  service: Service,
  text: string,
  own: readonly CentralFile[],
  central: CentralTree,
): Promise<readonly CentralFile[]> {
  const names = neighboursOf(
    service,
    text,
    own.map(({ path }) => path),
  );
  if (names.length === 0) return own;
  const laid = names.map(async (name) =>
    (await central.files(name)).map((file): CentralFile => ({ ...file, path: joinPath(name, file.path) })),
  );
  return [...own, ...(await Promise.all(laid)).flat()].sort((a, b) => byBytes(a.path, b.path));
}

/** A Dockerfile that does not parse names nothing: the build says what is wrong with it. */
function sourcesOf(text: string, { buildArgs, target }: Service): readonly string[] {
  try {
    return readDockerfile(text, { buildArgs, target }).knownSources;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return [];
    throw error;
  }
}
