import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-fs';
import { extract, type Header } from 'tar-stream';
import { SlipwayError } from '../../errors.js';
import { memoUnlessFailed } from '../../memo.js';
import type { Central, CentralFile } from './central-tree.js';
import { checkCentralFolder } from './central-folder-name.js';
import { MAX_CENTRAL_BYTES } from '../dockerfile/file-limits.js';
import { byBytes, safePath } from '../../patterns/paths.js';
import { outlinesOf } from './read-central.js';

/** Reading starts again when files vanish or change size. An editor's save is over after a few tries. */
const MAX_TRIES = 10;

/**
 * Central dockerfiles in a local folder, read on demand. Links stay links. A service's folder that is a link is followed only within
 * `folder`. Fails with `dockerfiles-unavailable` if the folder does not exist (unless `missingIsEmpty`) or cannot be read,
 * `dockerfile-invalid` for a service's folder over 64 MiB, `unsafe-path` for one that leads outside.
 */
export function createFolderCentral(folder: string, missingIsEmpty: boolean): Central {
  return {
    async current() {
      if (!missingIsEmpty && (await resolved(folder)) === null)
        throw new SlipwayError('dockerfiles-unavailable', 'The folder of the central dockerfiles does not exist.');
      const files = memoUnlessFailed((name) => filesOf(folder, name));
      return { commit: null, files, outlines: (names) => outlinesOf(names, files) };
    },
  };
}

/** An entry while the archive is read: its header and its bytes, which must be consumed. */
type TarEntry = AsyncIterable<unknown> & { readonly header: Header };

async function filesOf(folder: string, service: string): Promise<readonly CentralFile[]> {
  const name = checkCentralFolder(service);
  for (let left = MAX_TRIES; ; left -= 1) {
    try {
      const root = await resolved(folder);
      const own = root === null ? null : await resolved(`${root}/${name}`);
      if (root === null || own === null) return [];
      if (!own.startsWith(root + sep))
        throw new SlipwayError('unsafe-path', `The central folder ${name} leads out of the central dockerfiles.`);
      return await readFolder(own);
    } catch (error) {
      if (error instanceof SlipwayError) throw error;
      if (left > 1 && isPassing(error)) continue;
      throw new SlipwayError('dockerfiles-unavailable', `The central folder ${name} cannot be read.`, { cause: error });
    }
  }
}

/** True if the files changed during the read. tar-stream has no code for a file that is shorter or longer than announced. */
function isPassing(error: unknown): boolean {
  return isMissing(error) || ['Size mismatch', 'Unexpected end of data'].includes(messageOf(error));
}

function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}

/** The path without links, or null. */
async function resolved(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readFolder(folder: string): Promise<readonly CentralFile[]> {
  const files: CentralFile[] = [];
  let size = 0;
  const archive = pack(folder, { ignore: (path) => basename(path) === '.git', strict: false });
  const reader = extract();
  await Promise.all([
    pipeline(archive, reader),
    (async () => {
      for await (const entry of reader) {
        const content = await contentOf(entry, MAX_CENTRAL_BYTES - size);
        size += content.length;
        const file = fileOf(entry.header, content);
        if (file) files.push(file);
      }
    })(),
  ]);
  return files.sort((a, b) => byBytes(a.path, b.path));
}

async function contentOf(entry: TarEntry, limit: number): Promise<Buffer> {
  if (entry.header.type === 'symlink') return drained(entry, Buffer.from(entry.header.linkname));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of entry) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > limit) throw new SlipwayError('dockerfile-invalid', 'A central folder holds more than 64 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function drained(entry: TarEntry, content: Buffer): Promise<Buffer> {
  for await (const _ of entry);
  return content;
}

/** Null for folders and for what git would not hold either (devices, pipes). */
function fileOf(header: Header, content: Buffer): CentralFile | null {
  if (header.type !== 'file' && header.type !== 'symlink') return null;
  const executable = (header.mode & 0o100) !== 0;
  const mode = header.type === 'symlink' ? '120000' : executable ? '100755' : '100644';
  return { path: safePath(header.name), mode, blob: blobId(content), content };
}

/** Git's id of a content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
