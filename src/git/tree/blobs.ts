import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { ByteReader } from '../objects/byte-reader.js';
import type { BlobContent } from '../contract.js';
import { faultOf, headline } from '../process/faults.js';
import { inTurns } from '../../in-turns.js';
import { MAX_QUESTIONS } from '../objects/objects.js';
import { Complaint, sayLines, startGit, stopGit } from '../process/run-git.js';
import { requireId } from './sizes.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

/** Up to this many bytes of contents do not need a separate process. */
const MAX_SMALL_BYTES = 256 * 1024;

/** `<id> blob <size>`, as `git cat-file --batch` introduces a content. Null if it has none. */
function parseHeader(header: string | null): { id: string; size: number } | null {
  const parts = /^([0-9a-f]+) blob (\d+)$/.exec(header ?? '');
  return parts === null ? null : { id: parts[1] ?? '', size: Number(parts[2]) };
}

/** Why a content did not arrive. Damage is repaired for the next try. */
async function failure(
  mirrorRepository: MirrorRepository,
  generation: number,
  child: ChildProcessWithoutNullStreams,
  complaint: Complaint,
  id: string,
) {
  stopGit(child);
  // The rest of git's output is not read, and an unread stream keeps the process open.
  child.stdout.destroy();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  const outcome = { code: child.exitCode, stdout: Buffer.alloc(0), complaint: complaint.text, timedOut: false };
  if (faultOf(outcome)?.kind === 'corrupt') await mirrorRepository.repair(generation, headline(complaint.text));
  return mirrorRepository.rebuilds.contentNotFound(generation, id);
}

/**
 * Contents by blob id. Missing ones are fetched first, in one request. Small contents are read at once. Otherwise at most a pipe's worth of
 * bytes is held: git waits for the consumer and ends when it stops early. Fails with `commit-not-found` if the host no longer has a blob;
 * `git-unavailable`, `git-unauthorized`.
 */
export async function* openBlobs(
  mirrorRepository: MirrorRepository,
  ids: readonly string[],
): AsyncGenerator<BlobContent, void, undefined> {
  await inTurns(ids, requireId);
  if (ids.length === 0) return;
  const { generation } = mirrorRepository.rebuilds;
  await mirrorRepository.fetchObjects(ids);
  yield* (await readLittle(mirrorRepository, ids)) ?? stream(mirrorRepository, generation, ids);
}

/** Reads all at once. Null if they are too large for that. */
async function readLittle(
  mirrorRepository: MirrorRepository,
  ids: readonly string[],
): Promise<readonly BlobContent[] | null> {
  if (ids.length > MAX_QUESTIONS) return null;
  const objects = await mirrorRepository.objects();
  const sizes = (await objects.headers(ids))?.map((header) => header?.size ?? Infinity) ?? [Infinity];
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_SMALL_BYTES) return null;
  const contents = await Promise.all(ids.map((id) => objects.content(id, 'blob', MAX_SMALL_BYTES)));
  const found = contents.flatMap((answer, at): BlobContent[] => {
    const { size = 0, content = null } = answer ?? {};
    return content === null ? [] : [{ blob: ids[at] ?? '', size, chunks: only(content) }];
  });
  return found.length === ids.length ? found : null;
}

async function* only(content: Buffer): AsyncGenerator<Buffer, void, undefined> {
  if (content.length > 0) yield content;
}

/** Contents from the mirror of that generation. */
async function* stream(
  mirrorRepository: MirrorRepository,
  generation: number,
  ids: readonly string[],
): AsyncGenerator<BlobContent, void, undefined> {
  const child = startGit(['cat-file', '--batch', '--buffer'], mirrorRepository.localEnvironment);
  const complaint = new Complaint();
  child.stderr.on('data', (chunk: Buffer) => complaint.add(chunk));
  // Without a listener, a git that cannot be started would end the server. The reader sees the end of the output.
  child.on('error', (error) => complaint.add(Buffer.from(error.message)));
  sayLines(child, ids);
  const reader = new ByteReader(child.stdout);
  try {
    for (const id of ids) {
      const header = parseHeader(await reader.line());
      if (header === null) throw await failure(mirrorRepository, generation, child, complaint, id);
      const chunks = reader.take(header.size);
      yield { blob: header.id, size: header.size, chunks };
      // Skips what the consumer left, so that the next content starts at the right place.
      for await (const _rest of reader.rest()) continue;
      if (!reader.complete || (await reader.line()) !== '')
        throw await failure(mirrorRepository, generation, child, complaint, id);
    }
  } finally {
    stopGit(child);
    child.stdout.destroy();
  }
}
