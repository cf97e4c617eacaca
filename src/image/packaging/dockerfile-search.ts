import { SlipwayError } from '../../errors.js';
import type { Tree } from '../../git/contract.js';
import type { DockerfilePlace } from '../../model/build.js';
import type { Service } from '../../model/service.js';
import type { CentralFile, CentralTree } from './central-tree.js';
import type { ReadDockerfile } from '../dockerfile/dockerfile.js';
import { MAX_DOCKERFILE_BYTES, readText, type ReadText } from '../dockerfile/file-limits.js';
import { withNeighbours } from './neighbours.js';
import { unfollowedLink } from './unfollowed-link.js';
import { dockerfileNames, findCentralDockerfile } from './read-central.js';
import { joinPath, parentOf } from '../../patterns/paths.js';

export interface FoundDockerfile {
  readonly place: DockerfilePlace;
  /** Where it is in the application repository, or would be. */
  readonly path: string;
  readonly content: ReadText;
  /** The file that holds the text, if `path` is a link to it or below a link. */
  readonly target: string;
  readonly links: readonly string[];
  /** The central folder in force, with the neighbours that it names. Null if the application's own Dockerfile is in force. */
  readonly central: readonly CentralFile[] | null;
}

export interface SearchRequest {
  readonly service: Service;
  readonly commit: string;
  readonly tree: Tree;
  readonly central: CentralTree;
  readonly read: ReadDockerfile;
  /** `deploy.file` of the service. Undefined: none. */
  readonly deployFile?: string | null;
}

/** A place called `Dockerfile`, and then the lower-case one beside it, which counts for Docker too. */
function spellings(path: string): readonly string[] {
  const both = dockerfileNames.map((name) => joinPath(parentOf(path), name));
  return both[0] === path ? both : [path];
}

/**
 * Finds the Dockerfile in force: the application's, else the central folder's. Where a place is called `Dockerfile`,
 * a file `dockerfile` beside it counts next, as in Docker's client (https://github.com/moby/moby/issues/10858).
 * @throws SlipwayError `dockerfile-not-found`, with every place searched in `extra.places`.
 */
export async function findDockerfile({
  service,
  commit,
  tree,
  central,
  read,
}: SearchRequest): Promise<FoundDockerfile> {
  const docker = joinPath(service.path, 'docker');
  const candidates =
    service.dockerfile === null ? [`${docker}/Dockerfile`, joinPath(service.path, 'Dockerfile')] : [service.dockerfile];
  for (const path of candidates.flatMap(spellings)) {
    const file = await tree.follow(commit, path, MAX_DOCKERFILE_BYTES);
    if (file === null) continue;
    const { target, links } = file;
    return {
      place: { source: 'application', path, commit },
      path,
      content: readText('Dockerfile', path, file, MAX_DOCKERFILE_BYTES),
      target,
      links,
      central: null,
    };
  }
  const files = await central.files(service.name);
  const named = findCentralDockerfile(files);
  if (named === null || named.file.size === 0) throw await notFound(service, { commit, tree }, candidates);
  const { name, file } = named;
  const centralPath = `${service.name}/${name}`;
  const path = `${docker}/${name}`;
  const content = readText('central Dockerfile', centralPath, file, MAX_DOCKERFILE_BYTES);
  return {
    place: { source: 'central', path: centralPath, commit: central.commit },
    path,
    content,
    target: path,
    links: [],
    // A Dockerfile that was not read names no neighbours.
    central: content.text === null ? files : await withNeighbours(service, content.text, files, central, read),
  };
}

async function notFound(
  { name, repository }: Service,
  { commit, tree }: Pick<SearchRequest, 'commit' | 'tree'>,
  candidates: readonly string[],
): Promise<SlipwayError> {
  const places = [...candidates, `${name}/Dockerfile (central dockerfiles)`];
  const where = `${repository} at ${commit.slice(0, 7)}`;
  const looked = `looked at: ${places.join(', ')}; a lower-case dockerfile counts too.`;
  const extra = { places };
  for (const path of candidates.flatMap(spellings)) {
    const found = await unfollowedLink(tree, commit, path);
    if (found === null) continue;
    const { link, target, why } = found;
    const message = `The Dockerfile of ${name} (${where}) is there and cannot be followed: ${link} is a symbolic link to ${target}, which ${why}; ${looked}`;
    return new SlipwayError('dockerfile-not-found', message, { extra });
  }
  return new SlipwayError('dockerfile-not-found', `No Dockerfile for ${name} (${where}); ${looked}`, { extra });
}
