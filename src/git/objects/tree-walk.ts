import type { FileEntry } from '../../model/file-entry.js';
import type { Budget, Parsed } from './parsed.js';
import type { TreeEntry } from './tree-object.js';

/** Maximum trees for one question. Git is faster for more. */
const MAX_TREES = 300;
/**
 * Maximum entries for one question, and bytes of their paths. A tree may appear in many places: ten trees, each ten times in the next, hold
 * ten billion files.
 */
const MAX_ENTRIES = 20_000;
const MAX_PATH_BYTES = 4 * 1024 * 1024;

/** What is left of one question's limits. */
class Allowance {
  readonly trees: Budget = { left: MAX_TREES };
  #entries = MAX_ENTRIES;
  #bytes = MAX_PATH_BYTES;

  /** False if it exceeds the limits. */
  takes(entries: Iterable<TreeEntry>, prefix: string): boolean {
    for (const { name } of entries) {
      this.#entries -= 1;
      this.#bytes -= prefix.length + name.length;
    }
    return this.#entries >= 0 && this.#bytes >= 0;
  }
}

export interface Listing {
  /** Includes links. */
  readonly files: FileEntry[];
  readonly submodules: string[];
}

/** Lists everything below a tree, unordered. Null: ask git. */
export async function listTree(parsed: Parsed, root: string): Promise<Listing | null> {
  const listing: Listing = { files: [], submodules: [] };
  const allowance = new Allowance();
  const walk = async (id: string, prefix: string): Promise<boolean> => {
    const entries = await parsed.tree(id, allowance.trees);
    if (entries === null || !allowance.takes(entries, prefix)) return false;
    const unread = entries.filter(({ kind, id: below }) => kind === 'folder' && !parsed.holds(below));
    // Stops before reading anything that would exceed the limits.
    if (unread.length > allowance.trees.left) return false;
    const folders: Promise<boolean>[] = [];
    for (const entry of entries) {
      const path = `${prefix}${entry.name}`;
      if (entry.kind === 'folder') folders.push(walk(entry.id, `${path}/`));
      else if (entry.kind === 'submodule') listing.submodules.push(path);
      else listing.files.push({ path, mode: modeOf(entry), blob: entry.id });
    }
    return (await Promise.all(folders)).every(Boolean);
  };
  return (await walk(root, '')) ? listing : null;
}

const modeOf = ({ kind, executable }: TreeEntry): FileEntry['mode'] =>
  kind === 'link' ? '120000' : executable ? '100755' : '100644';

/** Id of a folder's tree below a tree, or undefined. Null: ask git. */
export async function findTree(
  parsed: Parsed,
  root: string,
  folders: readonly string[],
): Promise<string | undefined | null> {
  let id = root;
  for (const name of folders) {
    const entries = await parsed.tree(id, { left: 1 });
    if (entries === null) return null;
    const entry = entries.find((one) => one.name === name);
    if (entry?.kind !== 'folder') return undefined;
    ({ id } = entry);
  }
  return id;
}

export interface TreeDifference {
  /** Unordered. */
  readonly paths: readonly string[];
  /** True if both trees have files, links and submodules at the same paths, and equal `.gitattributes`. */
  readonly sameNames: boolean;
}

/** Paths whose content, mode or existence differs between two trees, submodules included. Null: ask git. */
export async function compareTrees(parsed: Parsed, from: string, to: string): Promise<TreeDifference | null> {
  const comparison = new Comparison(parsed);
  return (await comparison.of(from, to, '')) ? comparison : null;
}

const isSame = (was: TreeEntry | undefined, is: TreeEntry | undefined): boolean =>
  was?.id === is?.id && was?.kind === is?.kind && was?.executable === is?.executable;

class Comparison implements TreeDifference {
  readonly paths: string[] = [];
  sameNames = true;
  readonly #allowance = new Allowance();

  constructor(private readonly parsed: Parsed) {}

  /** Null: that side has no such folder. */
  async of(from: string | null, to: string | null, prefix: string): Promise<boolean> {
    if (from === to) return true;
    const [before, after] = await Promise.all([this.#entries(from), this.#entries(to)]);
    if (before === null || after === null) return false;
    if (!this.#allowance.takes(before.values(), prefix) || !this.#allowance.takes(after.values(), prefix)) return false;
    const folders: Promise<boolean>[] = [];
    const differ = (was: TreeEntry | undefined, is: TreeEntry | undefined, name: string) => {
      const below = this.#differ(was, is, `${prefix}${name}`);
      if (below) folders.push(below);
    };
    for (const [name, is] of after) differ(before.get(name), is, name);
    for (const [name, was] of before) if (!after.has(name)) differ(was, undefined, name);
    return (await Promise.all(folders)).every(Boolean);
  }

  async #entries(id: string | null): Promise<ReadonlyMap<string, TreeEntry> | null> {
    if (id === null) return new Map();
    const entries = await this.parsed.tree(id, this.#allowance.trees);
    return entries && new Map(entries.map((entry) => [entry.name, entry]));
  }

  #differ(was: TreeEntry | undefined, is: TreeEntry | undefined, path: string): Promise<boolean> | null {
    if (isSame(was, is)) return null;
    if (was?.kind !== is?.kind || is?.name === '.gitattributes') this.sameNames = false;
    const isFile = (entry: TreeEntry | undefined) => entry !== undefined && entry.kind !== 'folder';
    if (isFile(was) || isFile(is)) this.paths.push(path);
    const folder = (entry: TreeEntry | undefined) => (entry?.kind === 'folder' ? entry.id : null);
    return this.of(folder(was), folder(is), `${path}/`);
  }
}
