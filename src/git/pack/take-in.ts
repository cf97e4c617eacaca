import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../clock.js';
import type { Timeouts } from '../process/commands.js';
import { stopGit } from '../process/run-git.js';
import { cleanTransfer } from '../process/transfer.js';
import { parsePack, type Pack, type PackedObject } from './parse-pack.js';
import { storePack } from './store-pack.js';

export interface TakeInDeps {
  /** The mirror's folder. */
  readonly folder: string;
  /** Starts a git in the mirror. */
  readonly start: (args: readonly string[]) => ChildProcessWithoutNullStreams;
  /** Receives the new objects, so that they need not be read again. */
  readonly learn: (objects: readonly PackedObject[]) => void;
  readonly timeouts: Pick<Timeouts, 'transfer'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** A push of a day's work has a few kilobytes. Unpacking blocks the event loop, for some milliseconds at this size. */
const MAX_SMALL_PACK_BYTES = 256 * 1024;
const limits = { objects: 500, bytes: 4 * 1024 * 1024 } as const;

/**
 * Stores a pack in a mirror. A small one is handled here, because starting `git index-pack` would take longer than its work. False if it is
 * incomplete or invalid.
 */
export async function takeIn(pack: AsyncIterable<Buffer>, deps: TakeInDeps): Promise<boolean> {
  const { begun, rest } = await beginning(pack);
  const small = rest === null ? parsePack(begun, limits) : null;
  if (small !== null) return keep(begun, small, deps);
  return indexedByGit(joined(begun, rest), deps);
}

async function keep(bytes: Buffer, pack: Pack, { folder, learn }: TakeInDeps): Promise<boolean> {
  await storePack(folder, bytes, pack);
  learn(pack.objects);
  return true;
}

/** The first bytes, and the rest if the pack is not small. */
async function beginning(
  pack: AsyncIterable<Buffer>,
): Promise<{ readonly begun: Buffer; readonly rest: AsyncIterator<Buffer> | null }> {
  const rest = pack[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  for (let size = 0; size <= MAX_SMALL_PACK_BYTES;) {
    const step = await rest.next();
    if (step.done === true) return { begun: Buffer.concat(chunks), rest: null };
    chunks.push(step.value);
    size += step.value.length;
  }
  return { begun: Buffer.concat(chunks), rest };
}

async function* joined(begun: Buffer, rest: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer, void, undefined> {
  yield begun;
  if (rest !== null) yield* { [Symbol.asyncIterator]: () => rest };
}

async function indexedByGit(pack: AsyncIterable<Buffer>, deps: TakeInDeps): Promise<boolean> {
  const work = async () => ({
    code: await indexCode(pack, deps),
    stdout: Buffer.alloc(0),
    complaint: '',
    timedOut: false,
  });
  return (await cleanTransfer(deps.folder, deps.clock, work)).code === 0;
}

async function indexCode(pack: AsyncIterable<Buffer>, { start, timeouts }: TakeInDeps): Promise<number | null> {
  // The host promises what the pack leaves out.
  const index = start(['index-pack', '--stdin', '--promisor']);
  const indexed = once(index, 'close').then(
    ([code]): number | null => code,
    () => null,
  );
  // All further fetches of the mirror wait for this.
  const limit = setTimeout(() => stopGit(index), timeouts.transfer);
  index.stdout.resume();
  index.stderr.resume();
  try {
    await pipeline(pack, index.stdin);
    return await indexed;
  } catch (broken) {
    stopGit(index);
    await indexed;
    throw broken;
  } finally {
    clearTimeout(limit);
  }
}
