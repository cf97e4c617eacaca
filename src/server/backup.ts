import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, pack, type Pack } from 'tar-stream';
import { asSlipwayError, SlipwayError } from '../errors.js';
import { version } from '../version.js';
import { keyName } from './instance-key.js';

/** How the embedded database is copied. `folder` gets a `slipway.db` that no server uses. */
export interface BackupSource {
  readonly dataDir: string;
  copyDatabase(folder: string): void;
  /** The artifacts that the copy knows, relative to the data directory. */
  artifactsOf(folder: string): Promise<ReadonlySet<string>>;
}

interface Written {
  readonly size: number;
  readonly sha256: string;
}
type Files = Readonly<Record<string, Written>>;

const FORMAT = 1;
const database = 'slipway.db';
/** The last file of a backup: what is in it, with hashes. A backup that was cut off has none. */
const contents = 'backup.json';
/** A backup that was tampered with must not write elsewhere. */
const isKnown = (name: string): boolean => name === database || name === keyName || /^artifacts\/[\w-]+$/.test(name);
const artifactsIn = (files: Files): number => Object.keys(files).filter((name) => name.startsWith('artifacts/')).length;

/**
 * Writes database, artifacts and the instance's key to a new tar file that only its owner may read, beside a running server or without one. Resolves with the
 * number of artifacts. Fails with `backup-refused` if the file is there already or cannot be written, `store-unavailable` without a database.
 */
export async function writeBackup(file: string, source: BackupSource): Promise<number> {
  const output = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw refused(`${file} cannot be made`, error);
  });
  const scratch = await mkdtemp(join(dirname(resolve(file)), '.slipway-backup-'));
  try {
    source.copyDatabase(scratch);
    const archive = pack();
    const filling = fill(archive, scratch, source);
    await Promise.all([pipeline(archive, output.createWriteStream({ flush: true })), filling]);
    return await filling;
  } catch (error) {
    await rm(file, { force: true });
    throw error instanceof SlipwayError ? error : refused(`${file} cannot be written`, error);
  } finally {
    await output.close().catch(() => undefined);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fill(archive: Pack, scratch: string, { dataDir, artifactsOf }: BackupSource): Promise<number> {
  const files: Record<string, Written> = {};
  const add = async (name: string, path: string): Promise<void> => {
    const size = await sizeOf(path);
    // Removed since the database was copied: it counted for nothing.
    if (size === null) return;
    files[name] = await copy(createReadStream(path), archive.entry({ name, size, mode: 0o600 }));
  };
  await add(database, join(scratch, database));
  await add(keyName, join(dataDir, keyName));
  for (const name of await artifactsOf(scratch)) await add(name, join(dataDir, name));
  archive.entry({ name: contents, mode: 0o600 }, JSON.stringify({ format: FORMAT, slipway: version, files }));
  archive.finalize();
  return artifactsIn(files);
}

/**
 * Puts a backup into a data directory, which must be empty (`slipway.lock` aside) and locked by the caller. Every hash is compared before
 * anything is put in place. Resolves with the number of artifacts. Fails with `backup-refused`.
 */
export async function readBackup(file: string, dataDir: string): Promise<number> {
  const scratch = await mkdtemp(join(dataDir, 'restoring-'));
  try {
    await mkdir(join(scratch, 'artifacts'), { mode: 0o700 });
    const found = await unpack(file, scratch);
    requireEqual(file, found, await listed(file, scratch));
    await rename(join(scratch, 'artifacts'), join(dataDir, 'artifacts'));
    if (found[keyName] !== undefined) await rename(join(scratch, keyName), join(dataDir, keyName));
    await rename(join(scratch, database), join(dataDir, database));
    return artifactsIn(found);
  } catch (error) {
    throw error instanceof SlipwayError ? error : refused(`${file} cannot be restored`, error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function unpack(file: string, folder: string): Promise<Files> {
  const archive = extract();
  const found: Record<string, Written> = {};
  const visit = async (): Promise<void> => {
    for await (const entry of archive) {
      const { name } = entry.header;
      if (name !== contents && !isKnown(name)) throw refused(`${file} is no backup of Slipway: it holds ${name}`);
      const target = createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600, flush: true });
      const written = await copy(entry, target);
      if (name !== contents) found[name] = written;
    }
  };
  await Promise.all([pipeline(createReadStream(file), archive), visit()]);
  return found;
}

/** What the backup says of itself. */
async function listed(file: string, folder: string): Promise<Files> {
  const text = await readFile(join(folder, contents), 'utf8').catch((error: unknown) => {
    throw refused(`${file} is not whole: ${contents} is missing`, error);
  });
  const said = JSON.parse(text) as { readonly format?: unknown; readonly files: Files };
  if (said.format !== FORMAT)
    throw refused(`${file} is of format ${String(said.format)}, and this Slipway reads ${FORMAT}`);
  return said.files;
}

function requireEqual(file: string, found: Files, wanted: Files): void {
  for (const name of new Set([database, ...Object.keys(wanted), ...Object.keys(found)])) {
    if (wanted[name] === undefined || found[name]?.sha256 !== wanted[name].sha256)
      throw refused(`${file} is damaged: ${name} is not what was backed up`);
  }
}

async function copy(from: AsyncIterable<unknown>, to: NodeJS.WritableStream): Promise<Written> {
  const hash = createHash('sha256');
  let size = 0;
  const counted = async function* () {
    for await (const chunk of from) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a backup holds bytes only');
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  await pipeline(counted, to);
  return { size, sha256: hash.digest('hex') };
}

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

function refused(what: string, cause?: unknown): SlipwayError {
  const why = cause === undefined ? '' : `: ${asSlipwayError(cause).message}`;
  return new SlipwayError('backup-refused', `${what}${why}.`, { cause });
}
