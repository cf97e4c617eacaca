import { SlipwayError } from '../../errors.js';
import type { Service } from '../../model/service.js';
import { isCentralFolder } from './central-folder-name.js';
import type { CentralFile, CentralTree } from './central-tree.js';
import type { ReadDockerfile } from '../dockerfile/dockerfile.js';
import { byBytes, joinPath, pathBelow } from '../../patterns/paths.js';

/**
 * The other central folders that a service's central Dockerfile reads from. These are first names below the docker folder in COPY, ADD or a
 * bind mount that the service's own folder lacks.
 */
async function neighboursOf(
  service: Service,
  text: string,
  own: readonly string[],
  read: ReadDockerfile,
): Promise<readonly string[]> {
  const folder = joinPath(service.path, 'docker');
  const names = (await sourcesOf(text, service, read)).flatMap((source) => {
    const below = pathBelow(folder, joinPath(service.context, source));
    return below?.split('/')[0] ?? [];
  });
  const first = new Set(own.map((path) => path.split('/', 1)[0] ?? ''));
  const isOwn = (name: string): boolean => first.has(name);
  return [...new Set(names)].filter((name) => isCentralFolder(name) && name !== service.name && !isOwn(name));
}

/** The services that use one of these central folders: as their own, or because their central Dockerfile reads from it. */
export async function usersOf(
  folders: ReadonlySet<string>,
  services: readonly Service[],
  central: CentralTree,
  read: ReadDockerfile,
): Promise<readonly Service[]> {
  const outlines = await central.outlines(services.map(({ name }) => name));
  const uses = async (service: Service): Promise<boolean> => {
    if (folders.has(service.name)) return true;
    const { paths = [], dockerfile = null } = outlines.get(service.name) ?? {};
    if (dockerfile === null) return false;
    return (await neighboursOf(service, dockerfile, paths, read)).some((name) => folders.has(name));
  };
  const used = await Promise.all(services.map(uses));
  return services.filter((_, at) => used[at]);
}

/** The files that replace a docker folder: the service's own central folder, with its neighbours in it under their names. */
export async function withNeighbours(
  service: Service,
  text: string,
  own: readonly CentralFile[],
  central: CentralTree,
  read: ReadDockerfile,
): Promise<readonly CentralFile[]> {
  const paths = own.map(({ path }) => path);
  const names = await neighboursOf(service, text, paths, read);
  if (names.length === 0) return own;
  const laid = names.map(async (name) =>
    (await central.files(name)).map((file): CentralFile => ({ ...file, path: joinPath(name, file.path) })),
  );
  return [...own, ...(await Promise.all(laid)).flat()].sort((a, b) => byBytes(a.path, b.path));
}

/** A Dockerfile that does not parse names nothing. The build reports the error. */
async function sourcesOf(
  text: string,
  { buildArgs, target }: Service,
  read: ReadDockerfile,
): Promise<readonly string[]> {
  try {
    return (await read(text, { buildArgs, target })).knownSources;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return [];
    throw error;
  }
}
