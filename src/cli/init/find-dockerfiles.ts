import { joinPath, parentOf } from '../../patterns/paths.js';
import type { IndexFile } from './git.js';

/** A Dockerfile that may be a service's. */
export interface FoundFile {
  readonly file: IndexFile;
  /** Folder of the service; '' is the root. */
  readonly path: string;
  /** What stands beside `Dockerfile` in its name: `debug` of `Dockerfile.debug`. Null: nothing. */
  readonly variant: string | null;
  /** Whether Slipway looks there by itself. */
  readonly isUsual: boolean;
}

/** What was not taken, and why. */
export interface LeftOut {
  readonly path: string;
  readonly because: string;
}

export interface FoundFiles {
  readonly found: readonly FoundFile[];
  readonly leftOut: readonly LeftOut[];
}

/** Services of one repository. */
const MAX_SERVICES = 500;

/** Folders whose Dockerfiles belong to somebody else, or to tests. */
const otherFolders = new Set(
  'node_modules bower_components vendor third_party site-packages testdata test tests e2e fixtures __fixtures__ __tests__ .devcontainer'.split(
    ' ',
  ),
);

/** Templates and notes. */
const otherEndings =
  /\.(?:md|txt|html?|j2|jinja2?|erb|tmpl|tpl|template|in|bak|orig|swp|rej|ya?ml|json|sh|ts|js|py|go)$/i;

/** The Dockerfiles among files of a repository: those in docker folders, those of folders, and variants such as `Dockerfile.debug`. */
export function findDockerfiles(files: readonly IndexFile[]): FoundFiles {
  const leftOut: LeftOut[] = [];
  const taken: FoundFile[] = [];
  for (const file of files) {
    const name = nameOf(file.path);
    const variant = variantOf(name);
    if (variant === undefined) {
      if (looksLikeOne(name)) leftOut.push({ path: file.path, because: 'its name is not one that Slipway takes' });
      continue;
    }
    const other = parentOf(file.path)
      .split('/')
      .find((folder) => otherFolders.has(folder.toLowerCase()));
    if (other !== undefined) leftOut.push({ path: file.path, because: `it is below ${other}` });
    else if (otherEndings.test(name))
      leftOut.push({ path: file.path, because: 'its ending is that of another kind of file' });
    else if (file.path.includes('\uFFFD')) leftOut.push({ path: file.path, because: 'its name is not UTF-8' });
    else if (taken.length === MAX_SERVICES)
      leftOut.push({ path: file.path, because: `there are more than ${MAX_SERVICES} Dockerfiles` });
    else taken.push({ file, path: folderOf(file.path), variant, isUsual: false });
  }
  return { found: withUsual(taken), leftOut };
}

/** The folder of the service: a folder called `docker` belongs to the one above it. */
function folderOf(path: string): string {
  const folder = parentOf(path);
  return nameOf(folder) === 'docker' ? parentOf(folder) : folder;
}

/** `Dockerfile_prod`, `DOCKERFILE`, `Containerfile`. */
const looksLikeOne = (name: string): boolean =>
  /^(?:dockerfile|containerfile)/i.test(name) && !/\.dockerignore$/i.test(name);

/** Null for the plain name, undefined for another file. */
function variantOf(name: string): string | null | undefined {
  if (/^dockerfile$/i.test(name)) return /^[Dd]ockerfile$/.test(name) ? null : undefined;
  if (/\.dockerignore$/i.test(name)) return undefined;
  return /^[Dd]ockerfile[.-](.+)$/s.exec(name)?.[1] ?? /^(.+)\.[Dd]ockerfile$/s.exec(name)?.[1];
}

/** Marks in each folder the Dockerfile that Slipway would take by itself, in the order in which it looks. */
function withUsual(taken: readonly FoundFile[]): readonly FoundFile[] {
  const known = new Set(taken.map(({ file }) => file.path));
  const usual = (folder: string): string | undefined =>
    ['docker/Dockerfile', 'docker/dockerfile', 'Dockerfile', 'dockerfile']
      .map((name) => joinPath(folder, name))
      .find((path) => known.has(path));
  return taken
    .map((one) => ({ ...one, isUsual: usual(one.path) === one.file.path }))
    .sort(
      (a, b) => compare(a.path, b.path) || Number(b.isUsual) - Number(a.isUsual) || compare(a.file.path, b.file.path),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
