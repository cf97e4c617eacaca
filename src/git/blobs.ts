import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { ByteReader } from './objects/byte-reader.js';
import type { BlobContent } from './contract.js';
import { faultOf, headline } from './faults.js';
import { inTurns } from './in-turns.js';
import { mostAtOnce } from './objects/objects.js';
import { Complaint, sayLines, startGit, stopGit } from './run-git.js';
import { requireId } from './sizes.js';
import type { Workshop } from './workshop.js';

/** Contents of so many bytes in all are not worth a process of their own. */
const littleBytes = 256 * 1024;

/** `<id> blob <size>`, as `git cat-file --batch` introduces a content; null where it has none. */
function parseHeader(header: string | null): { id: string; size: number } | null {
  const parts = /^([0-9a-f]+) blob (\d+)$/.exec(header ?? '');
  return parts === null ? null : { id: parts[1] ?? '', size: Number(parts[2]) };
}

/** Why a content did not come: damage is repaired for the next try. */
async function failure(
  workshop: Workshop,
  generation: number,
  child: ChildProcessWithoutNullStreams,
  complaint: Complaint,
  id: string,
) {
  stopGit(child);
  // What git printed after this is never read, and a stream that is left unread keeps the process from closing.
  child.stdout.destroy();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  const outcome = { code: child.exitCode, stdout: Buffer.alloc(0), complaint: complaint.text, timedOut: false };
  if (faultOf(outcome)?.kind === 'corrupt') await workshop.repair(generation, headline(complaint.text));
  return workshop.contentNotFound(generation, id);
}

/**
 * Contents by blob id. Missing ones are fetched before, in one request. Where it is not little anyway, never more than a pipe's worth of
 * bytes is held: git waits while the consumer does, and ends when the consumer stops early. `commit-not-found` where the host no longer has
 * a blob; `git-unavailable`, `git-unauthorized`.
 */
export async function* openBlobs(
  workshop: Workshop,
  ids: readonly string[],
): AsyncGenerator<BlobContent, void, undefined> {
  await inTurns(ids, requireId);
  if (ids.length === 0) return;
  const { generation } = workshop;
  await workshop.fetchObjects(ids);
  yield* (await readLittle(workshop, ids)) ?? stream(workshop, generation, ids);
}

/** All at once, where that is little; null where it is not. */
async function readLittle(workshop: Workshop, ids: readonly string[]): Promise<readonly BlobContent[] | null> {
  if (ids.length > mostAtOnce) return null;
  const objects = await workshop.objects();
  const sizes = (await objects.headers(ids))?.map((header) => header?.size ?? Infinity) ?? [Infinity];
  if (sizes.reduce((sum, size) => sum + size, 0) > littleBytes) return null;
  const contents = await Promise.all(ids.map((id) => objects.content(id, 'blob', littleBytes)));
  const found = contents.flatMap((answer, at): BlobContent[] => {
    const { size = 0, content = null } = answer ?? {};
    return content === null ? [] : [{ blob: ids[at] ?? '', size, chunks: only(content) }];
  });
  return found.length === ids.length ? found : null;
}

async function* only(content: Buffer): AsyncGenerator<Buffer, void, undefined> {
  if (content.length > 0) yield content;
}

/** Contents that the mirror of that generation had. */
async function* stream(
  workshop: Workshop,
  generation: number,
  ids: readonly string[],
): AsyncGenerator<BlobContent, void, undefined> {
  const child = startGit(['cat-file', '--batch', '--buffer'], workshop.localEnvironment);
  const complaint = new Complaint();
  child.stderr.on('data', (chunk: Buffer) => complaint.add(chunk));
  // Without this a git that cannot be started would end the server; the reader sees the end of the output.
  child.on('error', (error) => complaint.add(Buffer.from(error.message)));
  sayLines(child, ids);
  const reader = new ByteReader(child.stdout);
  try {
    for (const id of ids) {
      const header = parseHeader(await reader.line());
      if (header === null) throw await failure(workshop, generation, child, complaint, id);
      const chunks = reader.take(header.size);
      yield { blob: header.id, size: header.size, chunks };
      // What the consumer left is skipped, so that the next content begins where it should.
      for await (const _rest of reader.rest()) continue;
      if (!reader.complete || (await reader.line()) !== '')
        throw await failure(workshop, generation, child, complaint, id);
    }
  } finally {
    stopGit(child);
    child.stdout.destroy();
  }
}
