import { createHash } from 'node:crypto';
import { SlipwayError } from '../../src/errors.js';
import type { BlobContent, Tree } from '../../src/git/contract.js';
import { MAX_TARGET_BYTES } from '../../src/git/output/limits.js';
import { followLinks } from '../../src/git/objects/follow-links.js';
import type { FileEntry } from '../../src/model/file-entry.js';
import { sizedFile } from './sized-file.js';

/** Content of a file; `link`: a symbolic link to that target; `run`: an executable; `submodule`: an empty folder on a checkout. */
export type MemoryFile =
  string | Buffer | { readonly link: string } | { readonly run: string } | { readonly submodule: true };

export const isSubmodule = (file: MemoryFile): file is { readonly submodule: true } =>
  typeof file === 'object' && 'submodule' in file;

interface Held extends FileEntry {
  readonly content: Buffer;
}

const blobId = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

function hold(path: string, file: Exclude<MemoryFile, { readonly submodule: true }>): Held {
  const plain = typeof file === 'string' || Buffer.isBuffer(file);
  const content = Buffer.from(plain ? file : 'link' in file ? file.link : file.run);
  const mode = plain ? '100644' : 'link' in file ? '120000' : '100755';
  return { path, mode, blob: blobId(content), content };
}

/** Trees of commits in memory: commit → path → file. Says which blobs were opened. */
export function createMemoryTree(commits: Readonly<Record<string, Readonly<Record<string, MemoryFile>>>>): Tree & {
  readonly opened: string[];
} {
  const trees = new Map(
    Object.entries(commits).map(([commit, files]) => [
      commit,
      Object.entries(files).flatMap(([path, file]) => (isSubmodule(file) ? [] : hold(path, file))),
    ]),
  );
  const contents = new Map([...trees.values()].flat().map(({ blob, content }) => [blob, content]));
  const opened: string[] = [];
  const at = (commit: string): readonly Held[] => {
    const tree = trees.get(commit);
    if (!tree) throw new SlipwayError('commit-not-found', `The repository has no commit ${commit}.`);
    return tree;
  };
  const contentOf = (blob: string): Buffer => {
    const content = contents.get(blob);
    if (!content) throw new SlipwayError('commit-not-found', `The repository has no content ${blob}.`);
    return content;
  };
  return {
    opened,
    list: async (commit, folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const files = at(commit)
        .filter(({ path }) => path.startsWith(prefix))
        .map(({ path, mode, blob }) => ({ path: path.slice(prefix.length), mode, blob }))
        .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
      const submodules = Object.entries(commits[commit] ?? {}).flatMap(([path, file]) =>
        isSubmodule(file) && path.startsWith(prefix) ? path.slice(prefix.length) : [],
      );
      return Object.assign(files, submodules.length > 0 ? { submodules } : {});
    },
    read: async (commit, path, most) => {
      const found = at(commit).find((file) => file.path === path);
      return found ? sizedFile(found, most) : null;
    },
    follow: (commit, path, most) =>
      followLinks(path, async (one) => {
        const met = at(commit).find((file) => file.path === one || one.startsWith(`${file.path}/`));
        const isLink = met?.mode === '120000';
        return met ? { path: met.path, isLink, ...sizedFile(met, isLink ? MAX_TARGET_BYTES : most) } : null;
      }),
    sameNames: async (one, other) => {
      const names = (commit: string) =>
        JSON.stringify(
          at(commit)
            .map(({ path, mode, blob }) => [path, mode === '120000', path.endsWith('.gitattributes') ? blob : ''])
            .sort(),
        );
      return names(one) === names(other);
    },
    async *blobs(ids): AsyncGenerator<BlobContent> {
      for (const blob of ids) {
        opened.push(blob);
        const content = contentOf(blob);
        yield { blob, size: content.length, chunks: inPieces(content) };
      }
    },
    sizes: async (ids) => Array.from(ids, (id) => contentOf(id).length),
  };
}

/** Pieces of three bytes split every small file. A large one comes in about a thousand pieces. */
async function* inPieces(content: Buffer): AsyncGenerator<Buffer> {
  const piece = Math.max(3, Math.ceil(content.length / 1_000));
  for (let at = 0; at < content.length; at += piece) yield content.subarray(at, at + piece);
}
