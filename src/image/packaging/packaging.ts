import { createHash } from 'node:crypto';
import { SlipwayError } from '../../errors.js';
import { createTurns } from '../../in-turns.js';
import type { DockerfilePlace } from '../../model/build.js';
import type { FileEntry } from '../../model/file-entry.js';
import type { CentralFile } from './central-tree.js';
import { findDockerfile, type FoundDockerfile, type SearchRequest } from './dockerfile-search.js';
import { MAX_IGNORE_BYTES } from '../../patterns/dockerignore.js';
import type { DockerfileReading } from '../dockerfile/dockerfile.js';
import { exactText, readText, type ReadText } from '../dockerfile/file-limits.js';
import { joinPath, pathBelow } from '../../patterns/paths.js';
import { applicationRunFiles, runFileTest } from '../../run-file/names.js';
import { memo } from '../../memo.js';
import { passedOverRunFiles } from './passed-over-run-files.js';
import { findCentral } from './read-central.js';

/** How a service's image is made at a commit. */
export interface Packaging {
  readonly place: DockerfilePlace;
  /** Where the Dockerfile is in the application repository, or would be. */
  readonly dockerfilePath: string;
  readonly text: string;
  /** The Dockerfile as it is stored. */
  readonly bytes: Buffer;
  /** The `.dockerignore` in force, or null. */
  readonly ignoreText: string | null;
  /** `application:HASH` or `central:HASH`. Equal keys mean equal packaging. Run files that do not make the image are not part of it. */
  readonly key: string;
  /** Which paths of the application repository are packaging. */
  readonly own: OwnPaths;
  /** The central folder, which replaces all of `folder` in the application repository. Null if it is not in force. */
  readonly overlay: { readonly folder: string; readonly files: readonly CentralFile[] } | null;
}

export interface OwnPaths {
  readonly files: readonly string[];
  /** Null, or a folder that counts with everything below it. */
  readonly folder: string | null;
}

/** Packaging as far as it can be read. Deciding needs to know that a file differs, not what it says. */
export type InspectedPackaging =
  | (Packaging & { readonly fault: null })
  | (Omit<Packaging, 'text' | 'bytes'> & {
      readonly text: string | null;
      readonly bytes: Buffer | null;
      readonly fault: SlipwayError;
    });

interface Ignore {
  readonly content: ReadText;
  /** Paths of the application repository that are packaging: its own files, and the targets of links. */
  readonly paths: readonly string[];
}

/**
 * Reads the packaging of a service at a commit.
 * @throws SlipwayError `dockerfile-not-found`, `dockerfile-invalid` for a file over its limit, and the errors of the tree and the central
 * dockerfiles.
 */
export async function packagingAt(request: SearchRequest): Promise<Packaging> {
  const packaging = await inspectPackaging(request);
  if (packaging.fault !== null) throw packaging.fault;
  return packaging;
}

/**
 * The same for files over their limit, which `fault` then reports. The key still changes with the file, and an unread `.dockerignore`
 * excludes nothing.
 * @throws SlipwayError `dockerfile-not-found`, and the errors of the tree and the central dockerfiles.
 */
export async function inspectPackaging(request: SearchRequest): Promise<InspectedPackaging> {
  const { service } = request;
  const folder = joinPath(service.path, 'docker');
  const found = await findDockerfile(request);
  const { content } = found;
  const ignore = await findIgnore(request, found, folder);
  const real = realFolder(folder, found);
  const files = await folderFiles(request, found, real);
  const common = {
    place: found.place,
    dockerfilePath: found.path,
    ignoreText: ignore?.content.text ?? null,
    key: `${found.place.source}:${await hashOf(content, files, ignore?.content ?? null, runFilesOf(request, content))}`,
    own: ownPaths(found, ignore, real),
    overlay: found.central ? { folder, files: found.central } : null,
  };
  if (content.text === null) return { ...common, text: null, bytes: null, fault: content.fault };
  const { text, bytes } = content;
  return { ...common, text, bytes, fault: ignore?.content.fault ?? null };
}

/** The docker folder that holds the Dockerfile, with links resolved. Null if the Dockerfile is elsewhere. */
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
      const file = findCentral(found.central, covered);
      if (file === null) continue;
      return {
        content: readText('central .dockerignore', `${service.name}/${covered}`, file, MAX_IGNORE_BYTES),
        paths: [],
      };
    }
    const file = await tree.follow(commit, path, MAX_IGNORE_BYTES);
    if (file === null) continue;
    const content = readText('.dockerignore', path, file, MAX_IGNORE_BYTES);
    return { content, paths: [...new Set([path, file.target, ...file.links])] };
  }
  return null;
}

async function folderFiles(
  { commit, tree }: SearchRequest,
  found: FoundDockerfile,
  folder: string | null,
): Promise<Iterable<FileEntry>> {
  if (found.central) return found.central;
  return folder === null ? [] : tree.list(commit, folder);
}

type LeavesOut = (path: string) => false | Promise<boolean>;

/** Whether a file of the docker folder is a run file that does not make the image. The Dockerfile is read only if there is a run file. */
function runFilesOf(request: SearchRequest, { text }: ReadText): LeavesOut {
  const { service, deployFile = null } = request;
  const bases = applicationRunFiles(service.path, deployFile);
  const isNamed = runFileTest(bases);
  const passedOver = memo(async () => passedOverRunFiles(bases, await tryReading(request, text), service.context));
  const folder = joinPath(service.path, 'docker');
  return (below) => {
    const path = joinPath(folder, below);
    return isNamed(path) && passedOver().then((test) => test(path));
  };
}

/** The Dockerfile as far as it can be read without an engine and a branch, or null. */
async function tryReading({ service, read }: SearchRequest, text: string | null): Promise<DockerfileReading | null> {
  if (text === null) return null;
  try {
    return await read(text, { buildArgs: service.buildArgs, target: service.target });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return null;
    throw error;
  }
}

/** Hashes JSON piece by piece: a docker folder may hold any number of files. */
async function hashOf(
  dockerfile: ReadText,
  files: Iterable<FileEntry>,
  ignore: ReadText | null,
  leavesOut: LeavesOut,
): Promise<string> {
  const hash = createHash('sha256');
  const said = (content: ReadText | null) =>
    JSON.stringify(content && (content.text === null ? content.large : exactText(content.bytes)));
  hash.update(`{"text":${said(dockerfile)},"ignore":${said(ignore)},"files":[`);
  const nextTurn = createTurns();
  let separator = '';
  for (const { path, mode, blob } of files) {
    const left = leavesOut(path);
    if (left !== false && (await left)) continue;
    hash.update(`${separator}${JSON.stringify([path, mode, blob])}`);
    separator = ',';
    const turn = nextTurn();
    if (turn) await turn;
  }
  return hash.update(']}').digest('hex');
}
