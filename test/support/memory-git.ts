/** A git host in memory, for stories by the hundred: the commits, the references, and mirrors that have what was fetched. */
import { createHash } from 'node:crypto';
import { SlipwayError } from '../../src/errors.js';
import type {
  BlobContent,
  CommitInfo,
  GitHost,
  History,
  Mirror,
  Remote,
  RemoteRefs,
  Tree,
} from '../../src/git/contract.js';
import { MAX_TARGET_BYTES } from '../../src/git/output/limits.js';
import { followLinks } from '../../src/git/objects/follow-links.js';
import type { FileEntry } from '../../src/model/file-entry.js';
import { sizedFile } from './sized-file.js';

export interface MemoryFile {
  readonly mode: FileEntry['mode'] | '160000';
  /** Git's id of the content; of a submodule its commit. */
  readonly blob: string;
  readonly content: Buffer;
}

export interface MemoryCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly time: number;
  readonly message: string;
  readonly files: ReadonlyMap<string, MemoryFile>;
}

export function memoryFile(content: string | Buffer, mode: MemoryFile['mode'] = '100644'): MemoryFile {
  const bytes = Buffer.from(content);
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return { mode, blob, content: bytes };
}

const isAtOrBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** What a host has of one repository; written by tests directly. */
export class MemoryRepository {
  defaultBranch: string | null = 'main';
  readonly heads = new Map<string, string>();
  readonly tags = new Map<string, string>();
  /** Of annotated tags, the ids of the tag objects. */
  readonly tagObjects = new Map<string, string>();
  readonly commits = new Map<string, MemoryCommit>();
  #time = 1_700_000_000;

  /** Makes a commit on top of the branch's tip (or of `parents`) and moves the branch to it; null removes a file or a folder. */
  commit(
    files: Readonly<Record<string, string | MemoryFile | null>>,
    {
      branch = 'main',
      parents,
      message = 'Change files',
      time = this.#time + 1,
    }: { branch?: string | null; parents?: readonly string[]; message?: string; time?: number } = {},
  ): string {
    const tip = branch === null ? undefined : this.heads.get(branch);
    const over = parents ?? (tip === undefined ? [] : [tip]);
    const tree = new Map(this.commits.get(over[0] ?? '')?.files);
    for (const [path, content] of Object.entries(files)) {
      const replaced = content === null ? [...tree.keys()].filter((held) => isAtOrBelow(held, path)) : [];
      for (const held of replaced) tree.delete(held);
      if (content !== null) tree.set(path, typeof content === 'string' ? memoryFile(content) : content);
    }
    this.#time = time;
    const listed = [...tree].map(([path, { mode, blob }]) => [path, mode, blob]);
    const sha = createHash('sha1')
      .update(JSON.stringify([over, this.#time, message, listed]))
      .digest('hex');
    this.commits.set(sha, { sha, parents: over, time: this.#time, message, files: tree });
    if (branch !== null) this.heads.set(branch, sha);
    return sha;
  }

  /** The commits that these reach, themselves included, as far as the host has them. */
  reachable(from: Iterable<string>): Map<string, MemoryCommit> {
    const found = new Map<string, MemoryCommit>();
    const ahead = [...from];
    for (let sha = ahead.pop(); sha !== undefined; sha = ahead.pop()) {
      const commit = this.commits.get(sha);
      if (!commit || found.has(sha)) continue;
      found.set(sha, commit);
      ahead.push(...commit.parents);
    }
    return found;
  }
}

/** Where repositories are looked up when a mirror asks its host; null: the host knows none of that name. */
export type FindRepository = (name: string) => Promise<MemoryRepository | null>;

export function createMemoryGitHost(find: FindRepository): GitHost {
  const mirrors = new Map<string, Mirror>();
  return {
    mirror(repository) {
      const known = mirrors.get(repository) ?? createMirror(requireName(repository), find);
      mirrors.set(repository, known);
      return known;
    },
    async prepare() {},
  };
}

function requireName(name: string): string {
  if (/^(?!\.)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/.test(name) && !name.startsWith('-')) return name;
  throw new SlipwayError('unsafe-path', `${JSON.stringify(name)} is no owner/name.`);
}

function createMirror(name: string, find: FindRepository): Mirror {
  const known = new Map<string, MemoryCommit>();
  const opened = async () => {
    const repository = await find(name);
    if (repository) return repository;
    throw new SlipwayError('git-unauthorized', `The host does not know ${name}.`);
  };
  let shown: RemoteRefs | null = null;
  const remote: Remote = {
    async refs() {
      const { heads, tags, tagObjects, defaultBranch } = await opened();
      shown = {
        defaultBranch: heads.size === 0 ? null : defaultBranch,
        heads: new Map(heads),
        tags: new Map(tags),
        tagIds: new Map([...tags, ...tagObjects]),
      };
      return shown;
    },
    shown: () => shown,
    async fetch(wanted) {
      if (wanted.every((sha) => known.has(sha))) return;
      const repository = await opened();
      const tips = [...repository.heads.values(), ...repository.tags.values(), ...wanted];
      for (const [sha, commit] of repository.reachable(tips)) known.set(sha, commit);
    },
  };
  return { remote, history: historyOf(known), tree: treeOf(known) };
}

function at(known: ReadonlyMap<string, MemoryCommit>, sha: string): MemoryCommit {
  const commit = known.get(sha);
  if (commit) return commit;
  throw new SlipwayError('commit-not-found', `There is no commit ${sha}.`);
}

/** The commit and all that it comes from, through that many of each one's parents. */
function reach(known: ReadonlyMap<string, MemoryCommit>, from: string, parents = Infinity): Set<string> {
  const found = new Set<string>();
  const ahead = [from];
  for (let sha = ahead.pop(); sha !== undefined; sha = ahead.pop()) {
    if (found.has(sha)) continue;
    found.add(sha);
    ahead.push(...at(known, sha).parents.slice(0, parents));
  }
  return found;
}

const infoOf = ({ sha, time, message }: MemoryCommit): CommitInfo => ({ sha, short: sha.slice(0, 7), time, message });
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function historyOf(known: ReadonlyMap<string, MemoryCommit>): History {
  return {
    has: async (commit) => known.has(commit),
    typeOf: async (id) => (known.has(id) ? 'commit' : null),
    async resolve(abbreviated) {
      const prefix = abbreviated.toLowerCase();
      if (!/^[0-9a-f]{4,40}$/.test(prefix)) return null;
      const found = [...known.keys()].filter((sha) => sha.startsWith(prefix));
      return found.length === 1 ? (found[0] ?? null) : null;
    },
    info: async (commit) => infoOf(at(known, commit)),
    count: async (commit) => reach(known, commit).size,
    async between(from, to, which = 'all') {
      const before = reach(known, from);
      const commits = [...reach(known, to, which === 'mainline' ? 1 : Infinity)]
        .filter((sha) => !before.has(sha))
        .map((sha) => at(known, sha));
      return commits.sort((a, b) => b.time - a.time).map(infoOf);
    },
    async nearest(head, among) {
      const within = [...reach(known, head)].filter((sha) => among.has(sha));
      const isBehind = (sha: string) => within.some((other) => other !== sha && reach(known, other).has(sha));
      const nearest = within.filter((sha) => !isBehind(sha));
      return nearest.sort((a, b) => at(known, b).time - at(known, a).time);
    },
    async mergeBase(one, other) {
      const [before] = [...reach(known, at(known, other).sha)]
        .filter((sha) => reach(known, one).has(sha))
        .sort((a, b) => reach(known, b).size - reach(known, a).size);
      return before ?? null;
    },
    async changedPaths(from, to) {
      const [was, is] = [at(known, from).files, at(known, to).files];
      const differs = (path: string) =>
        was.get(path)?.blob !== is.get(path)?.blob || was.get(path)?.mode !== is.get(path)?.mode;
      return [...new Set([...was.keys(), ...is.keys()])].filter(differs).sort(byBytes);
    },
  };
}

function treeOf(known: ReadonlyMap<string, MemoryCommit>): Tree {
  const contentOf = (blob: string): Buffer => {
    for (const { files } of known.values()) {
      for (const file of files.values()) if (file.blob === blob && file.mode !== '160000') return file.content;
    }
    throw new SlipwayError('commit-not-found', `There is no content ${blob}.`);
  };
  return {
    async list(commit, folder) {
      const prefix = folder === '' ? '' : `${folder}/`;
      const entries: FileEntry[] = [];
      const submodules: string[] = [];
      for (const [whole, { mode, blob }] of at(known, commit).files) {
        if (!whole.startsWith(prefix)) continue;
        const path = whole.slice(prefix.length);
        if (mode === '160000') submodules.push(path);
        else entries.push({ path, mode, blob });
      }
      return Object.assign(
        entries.sort((a, b) => byBytes(a.path, b.path)),
        submodules.length > 0 ? { submodules } : {},
      );
    },
    async read(commit, path, most) {
      const file = at(known, commit).files.get(path);
      return file && file.mode !== '160000' ? sizedFile(file, most) : null;
    },
    follow: (commit, path, most) =>
      followLinks(path, async (one) => {
        const files = [...at(known, commit).files];
        const [where, met] = files.find(([name]) => name === one || one.startsWith(`${name}/`)) ?? [];
        if (where === undefined || met === undefined || met.mode === '160000') return null;
        const isLink = met.mode === '120000';
        return { path: where, isLink, ...sizedFile(met, isLink ? MAX_TARGET_BYTES : most) };
      }),
    async sameNames(one, other) {
      const [names, others] = [one, other].map((commit) =>
        Array.from(at(known, commit).files, ([name, { mode, blob }]) =>
          [name, mode.slice(0, 3), name.endsWith('.gitattributes') ? blob : ''].join(' '),
        )
          .sort()
          .join('\0'),
      );
      return names === others;
    },
    async *blobs(ids): AsyncGenerator<BlobContent> {
      for (const blob of ids) {
        const content = contentOf(blob);
        yield { blob, size: content.length, chunks: whole(content) };
      }
    },
    sizes: async (ids) => Array.from(ids, (id) => contentOf(id).length),
  };
}

async function* whole(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
