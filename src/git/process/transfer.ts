import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.js';
import { faultOf } from './faults.js';
import type { GitOutcome } from './run-git.js';

/** A mark older than this is that of a process that died: no transfer may take as long. */
const STALE_MARK_MS = 2 * 3_600_000;
/** Milliseconds between looks at the free disk space during a transfer. */
const LOOK_MS = 2_000;

/** Names of files that git is still writing, in a mirror's folder of packs. */
export const isHalfPack = (name: string): boolean => name.startsWith('tmp_') || name.startsWith('.tmp-');

/**
 * Runs a command that writes packs into the mirror in that folder. If it fails, its half-written packs are removed: git leaves them, and a
 * transfer that breaks off each time would fill the disk. Their names do not say whose they are, so every process marks its transfers, and
 * they stay while another one runs.
 */
export async function cleanTransfer(
  folder: string,
  clock: Pick<Clock, 'now'>,
  work: () => Promise<GitOutcome>,
): Promise<GitOutcome> {
  const marks = join(folder, 'slipway-transfers');
  const mark = join(marks, randomUUID());
  await mkdir(marks, { recursive: true, mode: 0o700 });
  await writeFile(mark, '', { mode: 0o600 });
  let failed = true;
  try {
    const outcome = await work();
    failed = faultOf(outcome) !== null;
    return outcome;
  } finally {
    if (failed) await removeHalfPacks(folder, marks, clock.now()).catch(() => undefined);
    await rm(mark, { force: true });
  }
}

async function removeHalfPacks(folder: string, marks: string, now: number): Promise<void> {
  const packs = join(folder, 'objects', 'pack');
  // Listed first: what another transfer writes comes after its mark.
  const halves = (await readdir(packs)).filter(isHalfPack);
  const running = await Promise.all((await readdir(marks)).map((name) => stat(join(marks, name)).catch(() => null)));
  const alive = running.filter((found) => found !== null && now - found.mtimeMs < STALE_MARK_MS);
  if (alive.length > 1) return;
  await Promise.all(halves.map((name) => rm(join(packs, name), { force: true })));
}

/**
 * Runs a transfer while there is room for it: before it begins and every two seconds. `requireRoom` fails if there is none; the transfer is
 * then stopped and that error thrown.
 */
async function withinRoom(
  requireRoom: () => Promise<void>,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<GitOutcome>,
): Promise<GitOutcome> {
  await requireRoom();
  const [stop, over] = [new AbortController(), new AbortController()];
  let full: unknown = null;
  const watch = async (): Promise<void> => {
    while (full === null && !over.signal.aborted) {
      await clock.sleep(LOOK_MS, over.signal);
      if (!over.signal.aborted) await requireRoom().catch((error: unknown) => (full = error));
    }
    if (full !== null) stop.abort();
  };
  const watching = watch();
  try {
    const outcome = await work(stop.signal);
    if (full !== null) throw full;
    return outcome;
  } finally {
    over.abort();
    await watching;
  }
}

export interface TransferDeps {
  readonly clock: Clock;
  /** Fails with `low-disk` if nothing more may be fetched. */
  readonly requireRoom: () => Promise<void>;
}

/** Runs a transfer into the mirror in that folder: while there is room, and with nothing left of it if it fails. */
export function transfer(
  folder: string,
  { clock, requireRoom }: TransferDeps,
  work: (signal: AbortSignal) => Promise<GitOutcome>,
): Promise<GitOutcome> {
  return cleanTransfer(folder, clock, () => withinRoom(requireRoom, clock, work));
}
