import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { Log } from '../log.js';
import type { SshAddress } from './ssh-address.js';
import { sshArguments } from './ssh-command.js';
import { endGroup, prepareSocket, type SocketPlace } from './socket-folder.js';

const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 30_000;
/** A tunnel that lasted this long was sound: the pauses start again from the shortest. */
const SOUND_MS = 10_000;
/** A caller waits for a pause up to this long, else it fails with the last reason. */
const PATIENCE_MS = 1_000;
const LOOK_MS = 20;
const STOP_MS = 2_000;
const LAST_WORDS_MS = 500;
const MAX_SAID_CHARACTERS = 2_000;

export interface TunnelOptions {
  readonly address: SshAddress;
  /** Where the socket may be. It is made for its owner alone. */
  readonly folder: string;
  /** Of the host, for names of files. */
  readonly name: string;
  /** A configuration file for ssh instead of the user's. */
  readonly config: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** A socket of this machine that leads to an engine on another one. */
export interface Tunnel {
  /** Path of the socket, once the tunnel is up. Starts it at the first call. Fails with `engine-unavailable` and ssh's reason. */
  ready(): Promise<string>;
  /** The last thing that ssh said, or null. */
  said(): string | null;
  close(): Promise<void>;
}

/** One run of ssh. */
interface Run {
  readonly child: ChildProcess;
  /** Resolves with the socket's path when the tunnel is up. Rejects if ssh ends before. */
  readonly up: Promise<string>;
  readonly ended: Promise<void>;
}

/**
 * Keeps an ssh process in a process group of its own that forwards a socket. If it ends, it is started again after a pause that doubles up
 * to 30 seconds.
 */
export function createTunnel(options: TunnelOptions): Tunnel {
  return new SshTunnel(options);
}

class SshTunnel implements Tunnel {
  readonly #closing = new AbortController();
  #keeping: Promise<void> | null = null;
  #place: SocketPlace | null = null;
  #run: Run | null = null;
  #said = '';
  /** Length of the pause that is being slept, else 0. */
  #pauseMs = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly options: TunnelOptions) {}

  async ready(): Promise<string> {
    this.#keeping ??= this.#keep();
    for (;;) {
      if (this.#closing.signal.aborted) throw this.#fault('it is closed');
      if (this.#run !== null) return this.#run.up;
      if (this.#pauseMs > PATIENCE_MS) throw this.#fault(this.#said);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  said(): string | null {
    return this.#said || null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#keeping;
  }

  #fault(why: string): SlipwayError {
    return new SlipwayError(
      'engine-unavailable',
      `The tunnel to ${this.options.address.host} is down: ${why || 'ssh ended'}`,
    );
  }

  /** Runs ssh until the tunnel is closed. Never fails. */
  async #keep(): Promise<void> {
    const { clock, log, name } = this.options;
    const { signal } = this.#closing;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const since = clock.now();
      try {
        await this.#runOnce();
      } catch (error) {
        this.#said = error instanceof Error ? error.message : String(error);
      }
      if (signal.aborted) break;
      if (clock.now() - since >= SOUND_MS) pauseMs = FIRST_PAUSE_MS;
      log.warn({ host: name, said: this.#said, pause: pauseMs }, 'lost the ssh tunnel to a host');
      this.#pauseMs = pauseMs;
      this.#announce();
      await clock.sleep(pauseMs, signal);
      this.#pauseMs = 0;
    }
    await this.#place?.remove();
    this.#announce();
  }

  /** Lets callers look again. */
  #announce(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #runOnce(): Promise<void> {
    const { address, folder, name, config } = this.options;
    this.#place ??= await prepareSocket(folder, name);
    if (this.#closing.signal.aborted) return;
    const { socket } = this.#place;
    this.#said = '';
    const child = spawn('ssh', [...sshArguments(address, socket, config)], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const run = this.#follow(child, socket);
    this.#run = run;
    this.#announce();
    const stop = (): void => void this.#end(child);
    this.#closing.signal.addEventListener('abort', stop);
    try {
      if (child.pid !== undefined) await this.#place.record(child.pid);
      await run.ended;
    } finally {
      this.#closing.signal.removeEventListener('abort', stop);
      this.#run = null;
    }
  }

  #follow(child: ChildProcess, socket: string): Run {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString()}`.slice(-MAX_SAID_CHARACTERS);
    });
    const over = new AbortController();
    const ended = new Promise<void>((resolve) => {
      child.on('error', (error) => {
        this.#said = `ssh cannot be started: ${error.message}`;
        resolve();
      });
      child.on('close', () => resolve());
      // A helper that ssh started may hold its stderr.
      child.on('exit', () => void this.options.clock.sleep(LAST_WORDS_MS).then(resolve));
    }).then(() => {
      this.#said = this.#said.trim();
      over.abort();
    });
    const up = this.#whenUp(socket, over.signal);
    up.catch(() => undefined);
    return { child, up, ended };
  }

  /** The socket is there once ssh has signed in. */
  async #whenUp(socket: string, over: AbortSignal): Promise<string> {
    while (!over.aborted) {
      if (await accepts(socket)) return socket;
      await this.options.clock.sleep(LOOK_MS, over);
    }
    throw this.#fault(this.#said);
  }

  async #end(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const { pid } = child;
    endGroup(pid, 'SIGTERM');
    const gone = new AbortController();
    child.once('exit', () => gone.abort());
    await this.options.clock.sleep(STOP_MS, gone.signal);
    if (!gone.signal.aborted) endGroup(pid, 'SIGKILL');
  }
}

async function accepts(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
