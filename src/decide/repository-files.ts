import type { FileList, Tree } from '../git/contract.js';
import { createTurns } from '../in-turns.js';
import type { FileEntry } from '../model/file-entry.js';
import type { AttributesFile } from '../patterns/lfs-attributes.js';
import { packPaths, pathsOf, type PackedPaths } from '../patterns/packed-paths.js';
import { parentOf } from '../patterns/paths.js';

export interface RepositoryFiles {
  readonly paths: PackedPaths;
  /** The files that are symbolic links. */
  readonly links: readonly string[];
  readonly submodules: PackedPaths;
  /** The `.gitattributes` files that name Git LFS, outermost first: the first 100, each up to 64 KiB. Read when first asked for. */
  attributes(): Promise<readonly AttributesFile[]>;
}

const MAX_ATTRIBUTES_FILES = 100;
const MAX_ATTRIBUTES_BYTES = 64 * 1024;

const attributesName = '.gitattributes';

/** Every file of the repository at a commit. */
export async function listFiles(tree: Tree, commit: string): Promise<RepositoryFiles> {
  const files = await tree.list(commit, '');
  const paths = await packPaths(pathsOf(files));
  const { links, attributes } = await chosenOf(files);
  let read: Promise<readonly AttributesFile[]> | null = null;
  return {
    paths,
    links,
    submodules: await packPaths(files.submodules ?? []),
    attributes: () => (read ??= readAttributes(attributes, tree)),
  };
}

async function chosenOf(files: FileList) {
  const nextTurn = createTurns();
  const links: string[] = [];
  const attributes: FileEntry[] = [];
  for (const file of files) {
    const { path, mode } = file;
    if (mode === '120000') links.push(path);
    else if (path === attributesName || path.endsWith(`/${attributesName}`)) attributes.push(file);
    const turn = nextTurn();
    if (turn) await turn;
  }
  return { links, attributes };
}

const depthOf = ({ path }: FileEntry): number => path.split('/').length;

async function readAttributes(files: readonly FileEntry[], tree: Tree): Promise<readonly AttributesFile[]> {
  if (files.length === 0) return [];
  const outermost = [...files].sort((one, other) => depthOf(one) - depthOf(other)).slice(0, MAX_ATTRIBUTES_FILES);
  const found: AttributesFile[] = [];
  let at = 0;
  for await (const { size, chunks } of tree.blobs(outermost.map(({ blob }) => blob))) {
    const folder = parentOf(outermost[at]?.path ?? '');
    at += 1;
    const parts: Buffer[] = [];
    for await (const part of chunks) if (size <= MAX_ATTRIBUTES_BYTES) parts.push(part);
    found.push({ folder, text: Buffer.concat(parts).toString() });
  }
  return found.some(({ text }) => /filter=lfs/.test(text)) ? found : [];
}
