import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.js';
import { remedies } from '../../operations/system/remedies.js';
import { diskOf } from '../../server/readiness.js';
import { fault, note, ok, type Check } from './check.js';

/** A clock that is off by more, in milliseconds. */
const NOTED_MS = 60_000;
const WRONG_MS = 300_000;

/** The time here and at another machine, in milliseconds since the epoch. */
export interface Clocks {
  readonly own: number;
  readonly other: number;
  readonly host: string;
}

/** Compares this machine's clock with another's. Null: no other machine says the time. */
export function checkClock(clocks: Clocks | null): Check {
  const name = 'clock';
  const remedy = 'Set the clock, and keep it right by NTP: tokens, tags and windows go by it.';
  if (clocks === null) return note(name, 'no neighbour says the time, so it was not compared.', remedy);
  const off = Math.abs(clocks.own - clocks.other);
  const said = `${Math.round(off / 1000)} seconds from that of ${clocks.host}`;
  if (off > WRONG_MS) return fault(name, said, remedy);
  return off > NOTED_MS ? note(name, said, remedy) : ok(name, said);
}

/** Whether the file system of the data directory has more than the floor. The folder may be missing. */
export async function checkDisk({ server: { dataDir }, limits: { freeDisk } }: Config): Promise<Check> {
  const name = 'disk';
  const disk = await diskOf(await existing(dataDir), freeDisk);
  if (disk === null) return note(name, 'the file system does not say how much is free.', remedies.disk);
  const said = `${gibibytes(disk.free)} of ${gibibytes(disk.total)} free, limits.freeDisk is ${gibibytes(freeDisk)}`;
  return disk.free < freeDisk ? fault(name, said, remedies.disk) : ok(name, said);
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The folder, or the nearest above it that is there. */
async function existing(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : existing(dirname(folder));
}

const OTHERS_MODE = 0o077;

/** Whether the data directory can be written, by its owner alone. */
export async function checkData({
  server: { dataDir },
}: Config): Promise<{ readonly check: Check; readonly isThere: boolean }> {
  const name = 'data';
  const found = await stat(dataDir).catch((error: { readonly code?: string }) => error.code ?? 'it fails');
  if (found === 'ENOENT')
    return { check: ok(name, `${dataDir} is not there yet; the first start makes it`), isThere: false };
  const faulty = (message: string, remedy: string) => ({ check: fault(name, message, remedy), isThere: false });
  if (typeof found === 'string')
    return faulty(
      `${dataDir} cannot be looked at: ${found}.`,
      'Let this user reach server.dataDir, or choose another.',
    );
  if (!found.isDirectory()) return faulty(`${dataDir} is no folder.`, 'Choose another server.dataDir.');
  const isWritable = await access(dataDir, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable)
    return faulty(
      `${dataDir} cannot be written by this user.`,
      'Run as the user of the server, or give the folder to it.',
    );
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  const isOpen = (found.mode & OTHERS_MODE) !== 0;
  const check = isOpen
    ? note(name, `${dataDir} has the mode ${mode}: others on this machine can read it.`, `chmod 700 ${dataDir}`)
    : ok(name, `${dataDir} is for its owner alone`);
  return { check, isThere: true };
}
