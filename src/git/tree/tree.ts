import { openBlobs } from './blobs.js';
import type { SizedFile, Tree } from '../contract.js';
import { FileTable } from './file-table.js';
import { requireCommit, takeAbout } from '../history/history.js';
import { MAX_TARGET_BYTES } from '../output/limits.js';
import { leavesItsFolder, listFiles, takeFiles } from './list-files.js';
import { lsTree } from '../output/list-limit.js';
import { findFile, type FoundFile } from '../objects/find-file.js';
import { followLinks, type Met } from '../objects/follow-links.js';
import { compareTrees } from '../objects/tree-walk.js';
import { sizesOf } from './sizes.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

export function createTree(mirrorRepository: MirrorRepository): Tree {
  return {
    list: (commit, folder) => listFiles(mirrorRepository, commit, folder),

    async read(commit, path, maxBytes) {
      const met = await meet(mirrorRepository, commit, path, () => maxBytes);
      return met?.path === path ? { blob: met.blob, size: met.size, content: met.content } : null;
    },

    follow: (commit, path, maxBytes) =>
      followLinks(path, (one) =>
        meet(mirrorRepository, commit, one, ({ isLink }) => (isLink ? MAX_TARGET_BYTES : maxBytes)),
      ),

    async sameNames(one, other) {
      const { parsed } = mirrorRepository;
      const [from, to] = await Promise.all([one, other].map((commit) => parsed.commit(commit.toLowerCase())));
      return (from && to && (await compareTrees(parsed, from.tree, to.tree)))?.sameNames ?? false;
    },

    blobs: (ids) => openBlobs(mirrorRepository, ids),

    sizes: (ids) => sizesOf(mirrorRepository, ids),
  };
}

/** The file or link at a path, or the first one on the way to it. Includes content up to `maxBytes` bytes. */
async function meet(
  mirrorRepository: MirrorRepository,
  commit: string,
  path: string,
  maxBytes: (found: FoundFile) => number,
): Promise<Met | null> {
  if (leavesItsFolder(path) || path.includes('\0')) {
    await requireCommit(mirrorRepository, commit);
    return null;
  }
  const quick = await findFile(mirrorRepository.parsed, commit, path);
  const found = quick === undefined ? await findByGit(mirrorRepository, commit, path) : quick;
  if (found === null) return null;
  return { path: found.path, isLink: found.isLink, ...(await readBlob(mirrorRepository, found.id, maxBytes(found))) };
}

async function readBlob(mirrorRepository: MirrorRepository, blob: string, maxBytes: number): Promise<SizedFile> {
  const { generation } = mirrorRepository.rebuilds;
  const known = await (await mirrorRepository.objects()).content(blob, 'blob', maxBytes);
  if (known !== null) return { blob, ...known };
  for await (const { size, chunks } of openBlobs(mirrorRepository, [blob])) {
    if (size > maxBytes) return { blob, size, content: null };
    const parts: Buffer[] = [];
    for await (const part of chunks) parts.push(part);
    return { blob, size, content: Buffer.concat(parts) };
  }
  throw mirrorRepository.rebuilds.contentNotFound(generation, blob);
}

async function findByGit(mirrorRepository: MirrorRepository, commit: string, path: string): Promise<FoundFile | null> {
  const paths = alongPath(path);
  let table = new FileTable();
  const begin = () => {
    table = new FileTable();
    return takeFiles(table, commit);
  };
  await takeAbout(mirrorRepository, [commit], ([id = '']) => lsTree(id, [], ...paths), begin);
  const file = Array.from(table).find((one) => paths.includes(one.path));
  return file ? { path: file.path, isLink: file.mode === '120000', id: file.blob } : null;
}

/** The folders above a path, outermost first, then the path. */
function alongPath(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
