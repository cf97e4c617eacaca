import { createHash } from 'node:crypto';
import { SlipwayError } from '../../errors.js';
import type { FollowedFile, Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';
import { noRunFileHash, type RunFilePlace } from '../../model/release.js';
import type { Service } from '../../model/service.js';
import { joinPath, parentOf, pathBelow } from '../../patterns/paths.js';
import { applicationRunFiles, centralRunFiles, overlaysOf } from '../../run-file/names.js';
import type { CentralFile, CentralTree } from './central-tree.js';
import { findCentral } from './read-central.js';
import { unfollowedLink } from './unfollowed-link.js';

/** Overlays of one run file that are read. */
export const MAX_OVERLAYS = 50;

/** A run file or overlay that was found. Its content is not read yet. */
export interface RunFileEntry {
  /** Null for the run file itself. */
  readonly environment: string | null;
  readonly path: string;
  /** Identity of its content. Null if it cannot be read; `fault` then says why. */
  readonly blob: string | null;
  readonly fault: string | null;
}

/** Which run file belongs to a commit, as far as names and identities tell. */
export interface FoundRunFile extends RunFilePlace {
  /** Equal: equal contents of run file and overlays. */
  readonly hash: string;
  /** The run file first. Empty without one. */
  readonly entries: readonly RunFileEntry[];
}

export interface RunFileSearch {
  readonly service: Pick<Service, 'name' | 'path'>;
  /** `deploy.file` of the service, or null. */
  readonly deployFile: string | null;
  readonly commit: string;
  readonly tree: Tree;
  readonly central: CentralTree;
}

/**
 * Finds the run file that belongs to a commit, and its overlays: the application's, else the central folder's. Symbolic links are followed
 * as for Dockerfiles. Reads no contents. What is there and cannot be used is an entry with a fault.
 * @throws SlipwayError the errors of the tree, and those of the central dockerfiles that may pass.
 */
export async function findRunFile(search: RunFileSearch): Promise<FoundRunFile> {
  return (
    (await findInApplication(search)) ?? (await findInCentral(search)) ?? (await findDangling(search)) ?? noRunFile
  );
}

export const noRunFile: FoundRunFile = {
  source: 'none',
  path: null,
  commit: null,
  overlays: [],
  hash: noRunFileHash,
  entries: [],
};

/** A run file that is known to be there, or may be, and cannot be read. */
export const faultyRunFile = (place: Pick<RunFilePlace, 'source' | 'path' | 'commit'>, fault: string): FoundRunFile =>
  found(place, [{ environment: null, path: place.path ?? '', blob: null, fault }]);

function found(
  { source, path, commit }: Pick<RunFilePlace, 'source' | 'path' | 'commit'>,
  entries: readonly RunFileEntry[],
): FoundRunFile {
  const overlays = entries.flatMap(({ environment }) => environment ?? []);
  const identity = entries.map(({ environment, blob, fault }) => [environment, blob ?? fault]);
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return { source, path, commit, overlays, hash, entries };
}

async function findInApplication(search: RunFileSearch): Promise<FoundRunFile | null> {
  const { service, deployFile, commit, tree } = search;
  const listed = listings(tree, commit);
  for (const path of applicationRunFiles(service.path, deployFile)) {
    const base = await applicationFile(path, listed, search);
    if (base === null) continue;
    const folder = realFolder(path, base);
    const overlays: RunFileEntry[] = [];
    for (const { name, environment } of overlaysIn((await listed(folder)).keys(), nameOf(path))) {
      const at = joinPath(folder, name);
      const file = await applicationFile(at, listed, search);
      const said = joinPath(parentOf(path), name);
      overlays.push({
        environment,
        path: said,
        ...(file === null ? dangling(said) : { blob: file.blob, fault: null }),
      });
    }
    const entry = { environment: null, path, blob: base.blob, fault: null };
    return found({ source: 'application', path, commit }, [
      tooMany(entry, overlays),
      ...overlays.slice(0, MAX_OVERLAYS),
    ]);
  }
  return null;
}

type Listings = (folder: string) => Promise<ReadonlyMap<string, FileEntry>>;

/** The files directly in folders, by name. */
function listings(tree: Tree, commit: string): Listings {
  const known = new Map<string, ReadonlyMap<string, FileEntry>>();
  return async (folder) => {
    const before = known.get(folder);
    if (before) return before;
    const files = new Map<string, FileEntry>();
    for (const file of await tree.list(commit, folder)) if (!file.path.includes('/')) files.set(file.path, file);
    known.set(folder, files);
    return files;
  };
}

type Reached = Pick<FollowedFile, 'blob' | 'target' | 'links'>;

/** The file at a path. A file that is listed as one is not opened, so that a decision fetches no contents. */
async function applicationFile(
  path: string,
  listed: Listings,
  { commit, tree }: RunFileSearch,
): Promise<Reached | null> {
  const files = await listed(parentOf(path));
  const file = files.get(nameOf(path));
  if (file && file.mode !== '120000') return { blob: file.blob, target: path, links: [] };
  // Without files the folder is missing, or behind a link.
  return file || files.size === 0 ? tree.follow(commit, path, 0) : null;
}

/** The folder that holds a path, with links on the way resolved. */
function realFolder(path: string, { target, links }: Reached): string {
  const [folder, name] = [parentOf(path), nameOf(path)];
  const isLinked = folder !== '' && links.some((link) => pathBelow(link, folder) !== null);
  return isLinked && target.endsWith(`/${name}`) ? target.slice(0, -name.length - 1) : folder;
}

async function findInCentral({ service: { name }, central }: RunFileSearch): Promise<FoundRunFile | null> {
  const files = await centralFiles(name, central);
  if ('fault' in files) return faultyRunFile({ source: 'central', path: name, commit: central.commit }, files.fault);
  const names = new Set(files.map(({ path }) => path));
  for (const path of centralRunFiles(name)) {
    const own = nameOf(path);
    const base = findCentral(files, own);
    if (base === null) continue;
    const overlays = overlaysIn(names, own).map(({ name: below, environment }): RunFileEntry => {
      const file = findCentral(files, below);
      const at = joinPath(name, below);
      return { environment, path: at, ...(file === null ? dangling(at) : { blob: file.blob, fault: null }) };
    });
    const entry = { environment: null, path, blob: base.blob, fault: null };
    const entries = [tooMany(entry, overlays), ...overlays.slice(0, MAX_OVERLAYS)];
    return found({ source: 'central', path, commit: central.commit }, entries);
  }
  return null;
}

/** The files of the service's central folder. A folder that cannot be read is a fault of the run file, since it may hold one. */
export async function centralFiles(
  service: string,
  central: CentralTree,
): Promise<readonly CentralFile[] | { readonly fault: string }> {
  try {
    return await central.files(service);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const ofFolder = error.code === 'dockerfiles-unavailable' || !error.retryable;
    if (ofFolder && error.code !== 'internal') return { fault: `${error.message}` };
    throw error;
  }
}

/** Without a usable run file, a link that was to lead to one is worth a word. */
async function findDangling({ service, deployFile, commit, tree }: RunFileSearch): Promise<FoundRunFile | null> {
  const listed = listings(tree, commit);
  for (const path of applicationRunFiles(service.path, deployFile)) {
    if ((await listed(parentOf(path))).get(nameOf(path))?.mode !== '120000') continue;
    const link = await unfollowedLink(tree, commit, path);
    const why = link === null ? '' : ` to ${link.target}, which ${link.why}`;
    const fault = `${path} is a symbolic link${why}.`;
    return faultyRunFile({ source: 'application', path, commit }, fault);
  }
  return null;
}

interface NamedOverlay {
  readonly name: string;
  readonly environment: string;
}

function overlaysIn(names: Iterable<string>, base: string): NamedOverlay[] {
  const environmentOf = overlaysOf(base);
  const overlays: NamedOverlay[] = [];
  for (const name of names) {
    const environment = environmentOf(name);
    if (environment !== null) overlays.push({ name, environment });
  }
  return overlays.sort((a, b) => (a.environment < b.environment ? -1 : 1));
}

const dangling = (path: string) => ({ blob: null, fault: `${path} is a symbolic link that leads to no file.` });

function tooMany(entry: RunFileEntry, overlays: readonly RunFileEntry[]): RunFileEntry {
  if (overlays.length <= MAX_OVERLAYS) return entry;
  const fault = `The run file ${entry.path} has ${overlays.length} overlays; the limit is ${MAX_OVERLAYS}.`;
  return { ...entry, blob: null, fault };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
