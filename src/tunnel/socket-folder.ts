import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's path has at most 107 bytes (unix(7)). */
const MAX_SOCKET_BYTES = 107;

export interface SocketPlace {
  readonly socket: string;
  /** Notes the process that has the socket. */
  record(pid: number): Promise<void>;
  /** Forgets it, and removes what was made. */
  remove(): Promise<void>;
}

/**
 * A place for the socket of a tunnel, in a folder that only we may enter. If its path would be too long, it is in a folder of its own below
 * the system's for temporary files. A tunnel that a killed server left behind there is ended.
 */
export async function prepareSocket(folder: string, name: string): Promise<SocketPlace> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const note = join(folder, `${name}.json`);
  await endLeftOver(note);
  const usual = join(folder, `${name}.sock`);
  const fits = Buffer.byteLength(usual) <= MAX_SOCKET_BYTES;
  const own = fits ? null : await mkdtemp(join(tmpdir(), 'slipway-'));
  const socket = own === null ? usual : join(own, 'engine.sock');
  // What was ended takes a moment to end, and would still answer there.
  await rm(socket, { force: true });
  return {
    socket,
    record: (pid) => writeFile(note, JSON.stringify({ pid, socket, own }), { mode: 0o600 }),
    async remove() {
      await rm(note, { force: true });
      await rm(socket, { force: true });
      if (own !== null) await rm(own, { recursive: true, force: true });
    },
  };
}

/** Ends the tunnel that a note names, if the process with that number is still that tunnel. */
async function endLeftOver(note: string): Promise<void> {
  const written = await readFile(note, 'utf8').catch(() => null);
  if (written === null) return;
  const { pid, socket, own } = readNote(written);
  if (pid > 1 && socket !== '' && (await commandOf(pid)).includes(`${socket}:`)) endGroup(pid, 'SIGKILL');
  if (own !== null) await rm(own, { recursive: true, force: true });
  await rm(note, { force: true });
}

function readNote(written: string): { pid: number; socket: string; own: string | null } {
  try {
    const { pid, socket, own } = JSON.parse(written) as Record<string, unknown>;
    const isOurs = typeof own === 'string' && own.startsWith(join(tmpdir(), 'slipway-'));
    return {
      pid: typeof pid === 'number' ? pid : 0,
      socket: typeof socket === 'string' ? socket : '',
      own: isOurs ? own : null,
    };
  } catch {
    // Written halfway.
    return { pid: 0, socket: '', own: null };
  }
}

/** The arguments of a process; empty if there is none, or the system does not say. */
const commandOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');

/** Signals a process group; it may be over already. */
export function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Its last process has just ended.
  }
}
