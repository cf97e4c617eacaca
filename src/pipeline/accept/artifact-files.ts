import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactFiles, ReceivedFile } from './contract.js';
import { asSlipwayError, SlipwayError } from '../../errors.js';

const folder = 'artifacts';

export interface ArtifactFilesOptions {
  readonly dataDir: string;
  /** Maximum bytes of one artifact. Read at each upload. */
  readonly limit: () => number;
}

/** Keeps uploads under `dataDir/artifacts`. Slipway chooses the file names: the caller's name is never used as a path. */
export function createArtifactFiles({ dataDir, limit }: ArtifactFilesOptions): ArtifactFiles {
  const kept = new WeakSet<ReceivedFile>();
  return {
    async receive(name, content) {
      requireSafeName(name);
      const file = join(folder, randomUUID());
      try {
        await mkdir(join(dataDir, folder), { recursive: true, mode: 0o700 });
        const written = await write(content, join(dataDir, file), limit());
        await syncFolder(join(dataDir, folder));
        return { name, file, ...written };
      } catch (error) {
        await rm(join(dataDir, file), { force: true });
        throw failure(error);
      }
    },
    keep: (received) => void kept.add(received),
    async discard(received) {
      if (!kept.has(received)) await rm(join(dataDir, received.file), { force: true });
    },
  };
}

function requireSafeName(name: string): void {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\\\u0000-\u001f\u007f]/.test(name)) return;
  throw new SlipwayError('unsafe-path', `${JSON.stringify(name)} is not a plain file name.`);
}

async function write(content: Readable, path: string, limit: number): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  async function* measured(): AsyncGenerator<Buffer> {
    for await (const chunk of arriving(content)) {
      size += chunk.length;
      if (size > limit) throw new SlipwayError('artifact-too-large', `An artifact may have ${limit} bytes.`);
      hash.update(chunk);
      yield chunk;
    }
  }
  // Opened first: a stream that fails while it opens its file creates it again after the removal.
  const file = await open(path, 'wx', 0o600);
  // `flush`: once answered, the artifact must be on the disk.
  await pipeline(measured, file.createWriteStream({ flush: true }));
  return { sha256: hash.digest('hex'), size };
}

/** A fault of the incoming stream is the caller's, a fault of the disk is ours. */
async function* arriving(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    throw new SlipwayError('invalid-request', 'The upload ended before the artifact was complete.', { cause });
  }
}

/** A new file survives a crash only if its folder entry is synced too (fsync(2)). */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function failure(error: unknown): SlipwayError {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new SlipwayError('low-disk', 'There is no space left for the artifact.', { cause: error });
  }
  return asSlipwayError(error);
}
