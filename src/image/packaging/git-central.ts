import { SlipwayError } from '../../errors.js';
import { memoUnlessFailed } from '../../memo.js';
import type { Mirror, Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';
import type { Central, CentralFile, CentralOutline, CentralTree } from './central-tree.js';
import { checkCentralFolder } from './central-folder-name.js';
import { MAX_CENTRAL_BYTES, MAX_DOCKERFILE_BYTES } from '../dockerfile/file-limits.js';
import { grouped } from '../../grouped.js';
import { centralDockerfile, dockerfileNames } from './read-central.js';

/**
 * Central dockerfiles in a git repository, at the tip of a branch (null: the default branch). `current` asks the host for the tip and
 * fetches it into the mirror. Fails with `unknown-revision` if the branch does not exist, `commit-not-found` if its tip is not available,
 * `dockerfile-invalid` for a folder over 64 MiB, and as the git host does.
 */
export function createGitCentral(mirror: Mirror, branch: string | null): Central {
  return {
    async current() {
      const refs = await mirror.remote.refs();
      const name = branch ?? refs.defaultBranch;
      const commit = name === null ? undefined : refs.heads.get(name);
      if (commit === undefined)
        throw new SlipwayError(
          'unknown-revision',
          `The repository of the central dockerfiles has no branch ${name ?? '(default)'}.`,
        );
      await mirror.remote.fetch([commit]);
      const files = memoUnlessFailed((folder) => filesAt(mirror.tree, commit, folder));
      return { commit, files, outlines: (folders) => outlinesAt(mirror.tree, commit, folders, files) };
    },
  };
}

async function filesAt(tree: Tree, commit: string, folder: string): Promise<readonly CentralFile[]> {
  const entries = await tree.list(commit, checkCentralFolder(folder));
  const sizes = await tree.sizes(Array.from(entries, ({ blob }) => blob));
  checkTotal(`The central folder ${folder} holds`, sizes);
  return withContents(tree, [...entries]);
}

/** The whole folder is held in memory. */
function checkTotal(what: string, sizes: readonly number[]): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > MAX_CENTRAL_BYTES)
    throw new SlipwayError(
      'dockerfile-invalid',
      `${what} ${grouped(total)} bytes; the limit is ${grouped(MAX_CENTRAL_BYTES)}.`,
    );
}

/** Lists the tree once and fetches all Dockerfiles with one request. */
async function outlinesAt(
  tree: Tree,
  commit: string,
  folders: readonly string[],
  files: CentralTree['files'],
): Promise<ReadonlyMap<string, CentralOutline>> {
  const listed = new Map(folders.map((folder) => [checkCentralFolder(folder), [] as FileEntry[]]));
  for (const entry of await tree.list(commit, '')) {
    const slash = entry.path.indexOf('/');
    listed.get(entry.path.slice(0, Math.max(0, slash)))?.push({ ...entry, path: entry.path.slice(slash + 1) });
  }
  const dockerfiles = [...listed].flatMap(([folder, entries]) => {
    const [file] = dockerfileNames.flatMap((name) => entries.find(({ path }) => path === name) ?? []);
    return file === undefined ? [] : [{ ...file, folder }];
  });
  const plain = dockerfiles.filter(({ mode }) => mode !== '120000');
  const texts = await textsOf(tree, plain);
  for (const { folder, mode } of dockerfiles) {
    const text = mode === '120000' ? centralDockerfile(await files(folder)) : null;
    if (text !== null) texts.set(folder, text);
  }
  return new Map(
    [...listed].map(([folder, entries]) => [
      folder,
      { paths: entries.map(({ path }) => path), dockerfile: texts.get(folder) ?? null },
    ]),
  );
}

/** Texts of the Dockerfiles by folder, without those that are too large. */
async function textsOf(
  tree: Tree,
  dockerfiles: readonly (FileEntry & { readonly folder: string })[],
): Promise<Map<string, string>> {
  const sizes = await tree.sizes(dockerfiles.map(({ blob }) => blob));
  const read = dockerfiles.filter((_, at) => (sizes[at] ?? 0) <= MAX_DOCKERFILE_BYTES);
  checkTotal(
    'The central Dockerfiles have',
    sizes.filter((size) => size <= MAX_DOCKERFILE_BYTES),
  );
  return new Map((await withContents(tree, read)).map(({ folder, content }) => [folder, content.toString()]));
}

async function withContents<Entry extends FileEntry>(
  tree: Tree,
  entries: readonly Entry[],
): Promise<(Entry & { readonly content: Buffer })[]> {
  const files: (Entry & { readonly content: Buffer })[] = [];
  for await (const { chunks } of tree.blobs(entries.map(({ blob }) => blob))) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const entry = entries[files.length];
    if (entry) files.push({ ...entry, content: Buffer.concat(parts) });
  }
  return files;
}
