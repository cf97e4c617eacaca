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
  /** In the application repository, or where it would be. */
  readonly path: string;
  readonly text: string;
  readonly central: boolean;
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
  const inFolder = found.central !== null || (pathBelow(folder, found.path) ?? '') !== '';
  const files = await folderFiles(request, found, inFolder ? folder : null);
  return {
    place: found.place,
    dockerfilePath: found.path,
    text: found.text,
    ignoreText: ignore?.text ?? null,
    key: `${found.place.source}:${hashOf(found.text, files, ignore?.text ?? null)}`,
    own: ownPaths(found, ignore, inFolder ? folder : null),
    overlay: found.central ? { folder, files: found.central } : null,
  };
}

function ownPaths(found: FoundDockerfile, ignore: Ignore | null, folder: string | null): OwnPaths {
  const ignoreFile = ignore === null || ignore.central ? [] : [ignore.path];
  return found.central
    ? { files: ignoreFile, folder: null }
    : { files: [...new Set([found.path, found.target, ...ignoreFile])], folder };
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
    const text =
      covered !== null && found.central
        ? readCentral(found.central, covered)
        : ((await tree.read(commit, path))?.toString() ?? null);
    if (text !== null) return { path, text, central: covered !== null };
  }
  return null;
}

async function folderFiles(
  { commit, tree }: SearchRequest,
  found: FoundDockerfile,
  folder: string | null,
): Promise<readonly FileEntry[]> {
  if (found.central) return found.central;
  return folder === null ? [] : tree.list(commit, folder);
}

function hashOf(text: string, files: readonly FileEntry[], ignore: string | null): string {
  const parts = { text, ignore, files: files.map(({ path, mode, blob }) => [path, mode, blob]) };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
