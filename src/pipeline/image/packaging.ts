import { createHash } from 'node:crypto';
import type { DockerfilePlace, FileEntry } from '../../model.js';
import type { CentralFile } from './central-tree.js';
import { findDockerfile, type FoundDockerfile, type SearchRequest } from './dockerfile-search.js';
import { joinPath, pathBelow } from './paths.js';
import { readCentral } from './read-central.js';

/** What says how a service's image is made at a commit. */
export interface Packaging {
  readonly place: DockerfilePlace;
  /** Where the Dockerfile is in the application repository, or would be if it were there. */
  readonly dockerfilePath: string;
  readonly text: string;
  /** The `.dockerignore` in force; null where there is none. */
  readonly ignoreText: string | null;
  /** `application:HASH` or `central:HASH`: equal keys, equal packaging. */
  readonly key: string;
  /** Which paths of the application repository are packaging. */
  readonly own: OwnPaths;
  /** The central folder, which takes the place of `folder` in the application repository whole; null where it is not in force. */
  readonly overlay: { readonly folder: string; readonly files: readonly CentralFile[] } | null;
}

export interface OwnPaths {
  readonly files: readonly string[];
  /** Everything below it as well; null where no folder is. */
  readonly folder: string | null;
}

interface Ignore {
  readonly text: string;
  /** Paths of the application repository that make it what it is: its own, and where links lead. */
  readonly paths: readonly string[];
}

/**
 * The packaging of a service at a commit (CONTRACT, section 3).
 * @throws SlipwayError `dockerfile-not-found`, and what the tree and the central dockerfiles fail with.
 */
export async function packagingAt(request: SearchRequest): Promise<Packaging> {
  const { service } = request;
  const folder = joinPath(service.path, 'docker');
  const found = await findDockerfile(request);
  const ignore = await findIgnore(request, found, folder);
  const real = realFolder(folder, found);
  const files = await folderFiles(request, found, real);
  return {
    place: found.place,
    dockerfilePath: found.path,
    text: found.text,
    ignoreText: ignore?.text ?? null,
    key: `${found.place.source}:${hashOf(found.text, files, ignore?.text ?? null)}`,
    own: ownPaths(found, ignore, real),
    overlay: found.central ? { folder, files: found.central } : null,
  };
}

/** The docker folder that holds the Dockerfile, links to it followed; null where the Dockerfile is elsewhere. */
function realFolder(folder: string, { path, target, links, central }: FoundDockerfile): string | null {
  const name = pathBelow(folder, path) ?? '';
  if (central !== null || name === '') return central === null ? null : folder;
  const linked = links.some((link) => pathBelow(link, folder) !== null);
  return linked && target.endsWith(`/${name}`) ? target.slice(0, -name.length - 1) : folder;
}

function ownPaths(found: FoundDockerfile, ignore: Ignore | null, folder: string | null): OwnPaths {
  const ignorePaths = ignore?.paths ?? [];
  return found.central
    ? { files: ignorePaths, folder: null }
    : { files: [...new Set([found.path, found.target, ...found.links, ...ignorePaths])], folder };
}

/**
 * `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in the context
 * (https://docs.docker.com/build/concepts/context/#filename-and-location).
 */
async function findIgnore(
  { service, commit, tree }: SearchRequest,
  found: FoundDockerfile,
  folder: string,
): Promise<Ignore | null> {
  for (const path of [`${found.path}.dockerignore`, joinPath(service.context, '.dockerignore')]) {
    const covered = found.central ? pathBelow(folder, path) : null;
    if (covered !== null && found.central) {
      const text = readCentral(found.central, covered);
      if (text !== null) return { text, paths: [] };
      continue;
    }
    const file = await tree.follow(commit, path);
    if (file) return { text: file.content.toString(), paths: [...new Set([path, file.target, ...file.links])] };
  }
  return null;
}

async function folderFiles(
  { commit, tree }: SearchRequest,
  found: FoundDockerfile,
  folder: string | null,
): Promise<readonly FileEntry[]> {
  if (found.central) return found.central;
  return folder === null ? [] : [...(await tree.list(commit, folder))];
}

function hashOf(text: string, files: readonly FileEntry[], ignore: string | null): string {
  const parts = { text, ignore, files: files.map(({ path, mode, blob }) => [path, mode, blob]) };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
