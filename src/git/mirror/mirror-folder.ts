import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../clock.js';
import { SlipwayError } from '../../errors.js';
import { isHalfPack } from '../process/transfer.js';
import { gitConfigText } from '../process/environment.js';

/** Paths of mirrors: `<dir>/<owner>/<name>.git`. Half-made and discarded ones are in `<dir>/.tmp`. */
export interface MirrorPlaces {
  readonly dir: string;
  readonly configFile: string;
}

/** Git holds lock files for moments. An older one belongs to a dead process. */
const STALE_LOCK_MS = 15_000;
/** Half-made mirrors and packs older than any fetch may take are leftovers. */
const STALE_FETCH_MS = 2 * 3_600_000;

/** Git creates its own files inside folders with this mode, following the umask. */
const privateFolder = { recursive: true, mode: 0o700 } as const;

export const mirrorPlaces = (dir: string): MirrorPlaces => ({ dir, configFile: join(dir, 'git.config') });

/** Folder of a repository's mirror. Fails with `unsafe-path` unless the name is `owner/name` in GitHub's characters. */
export function mirrorFolder(places: MirrorPlaces, repository: string): string {
  const parts = /^(\w[\w.-]*)\/([\w.-]+)$/.exec(repository);
  const [, owner, name] = parts ?? [];
  if (owner === undefined || name === undefined || name === '.' || name === '..') {
    throw new SlipwayError(
      'unsafe-path',
      `${JSON.stringify(repository)} is not a repository name of the form owner/name`,
    );
  }
  return join(places.dir, owner, `${name}.git`);
}

async function temporaryFolder(places: MirrorPlaces): Promise<string> {
  await mkdir(join(places.dir, '.tmp'), privateFolder);
  return mkdtemp(join(places.dir, '.tmp', 'mirror-'));
}

/** Writes the configuration of all git commands, atomically. Every process writes the same. */
export async function writeGitConfig(places: MirrorPlaces): Promise<void> {
  const folder = await temporaryFolder(places);
  await writeFile(join(folder, 'git.config'), gitConfigText, { mode: 0o600 });
  await rename(join(folder, 'git.config'), places.configFile);
  await rm(folder, { recursive: true });
}

/** Creates an empty mirror atomically, unless there is one. `init` fills the folder it is given. */
export async function ensureMirror(
  places: MirrorPlaces,
  folder: string,
  init: (folder: string) => Promise<void>,
): Promise<void> {
  // Called before every read. Waiting for a thread of the pool would take ten times as long.
  if (existsSync(folder)) return;
  const fresh = await temporaryFolder(places);
  try {
    await init(fresh);
    await mkdir(dirname(folder), privateFolder);
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    if (cause instanceof SlipwayError) throw cause;
    // Another process was faster, and its mirror is as good.
    if (!existsSync(folder)) throw new SlipwayError('internal', `The mirror ${folder} could not be created`, { cause });
  }
}

/**
 * Replaces a damaged mirror with a new one. `fill` creates it elsewhere, so that readers in this or another process never see it
 * incomplete. `replaced` is called in the same turn of the event loop. If `fill` fails, the damaged mirror stays.
 */
export async function remakeMirror(
  places: MirrorPlaces,
  folder: string,
  fill: (folder: string) => Promise<void>,
  replaced: () => void,
): Promise<void> {
  const fresh = await temporaryFolder(places);
  const trash = await temporaryFolder(places);
  try {
    await fill(fresh);
    swap(fresh, folder, trash);
    replaced();
  } finally {
    await Promise.all([fresh, trash].map((left) => rm(left, { recursive: true, force: true })));
  }
}

/** Processes that still read the old mirror keep their open files. */
function swap(fresh: string, folder: string, trash: string): void {
  mkdirSync(dirname(folder), privateFolder);
  for (let left = 3; ; left -= 1) {
    try {
      if (existsSync(folder)) renameSync(folder, join(trash, `discarded-${left}`));
      return renameSync(fresh, folder);
    } catch (cause) {
      // Another process may have created one between the two steps.
      if (left === 0) throw new SlipwayError('internal', `The mirror ${folder} could not be replaced`, { cause });
    }
  }
}

/** Milliseconds since the file was last written. Null if it is gone. */
async function ageOf(path: string, clock: Clock): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found === null ? null : clock.now() - found.mtimeMs;
}

async function removeOlder(paths: readonly string[], age: number, clock: Clock): Promise<void> {
  for (const path of paths) {
    const found = await ageOf(path, clock);
    if (found !== null && found >= age) await rm(path, { recursive: true, force: true });
  }
}

const entriesOf = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/**
 * Waits until a lock file is gone. If its owner must be dead, removes it and the owner's other leftovers in the mirror. Takes at most some
 * seconds.
 */
export async function clearLock(folder: string, lock: string, clock: Clock): Promise<void> {
  for (;;) {
    const age = await ageOf(lock, clock);
    if (age === null) return;
    // A timestamp in the future means the clock was set back.
    if (age >= STALE_LOCK_MS || age < -STALE_LOCK_MS) break;
    await clock.sleep(100);
  }
  await rm(lock, { force: true });
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const locks = names
    .filter((name) => name.endsWith('.lock') && !name.startsWith('objects/'))
    .map((name) => join(folder, name));
  await removeOlder(locks, STALE_LOCK_MS, clock);
}

/** Removes leftovers of killed and stopped processes: half-made mirrors and half-received packs. Keeps what may still be in use. */
export async function removeLeftovers(places: MirrorPlaces, clock: Clock): Promise<void> {
  const temporary = join(places.dir, '.tmp');
  for (const name of await entriesOf(temporary)) {
    await removeOlder([join(temporary, name)], STALE_FETCH_MS, clock);
  }
  for (const owner of await entriesOf(places.dir)) {
    if (owner.startsWith('.')) continue;
    for (const name of await entriesOf(join(places.dir, owner))) {
      const packs = join(places.dir, owner, name, 'objects', 'pack');
      const halves = (await entriesOf(packs)).filter(isHalfPack);
      await removeOlder(
        halves.map((file) => join(packs, file)),
        STALE_FETCH_MS,
        clock,
      );
    }
  }
}
