import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Ended, exitCodes } from './exit.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Servers that somebody has logged in to, with their tokens. */
export interface HostsFile {
  /** The server to ask if none is named. */
  readonly default: string | null;
  readonly tokens: ReadonlyMap<string, string>;
}

/** `~/.config/slipway/hosts.yml`, or below `XDG_CONFIG_HOME` (https://specifications.freedesktop.org/basedir-spec/latest/). */
export const hostsFile = (env: Env): string =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'slipway', 'hosts.yml');

/** Empty if there is no such file. Fails if others can read it, since it has tokens, and if it cannot be read as such a file. */
export async function readHosts(env: Env): Promise<HostsFile> {
  const file = hostsFile(env);
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { default: null, tokens: new Map() };
    throw unreadable(file, error);
  }
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    throw new Ended(exitCodes.failed, `Others can read ${file}, and it has tokens.`, `chmod 600 ${file}`);
  return contentOf(text, file);
}

function contentOf(text: string, file: string): HostsFile {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw unreadable(file, error);
  }
  const { default: usual = null, servers = {} } = (content ?? {}) as { default?: string; servers?: object };
  const tokens = Object.entries(servers).flatMap(([url, value]) => {
    const token = (value as { token?: unknown } | null)?.token;
    return typeof token === 'string' ? [[url, token] as const] : [];
  });
  return { default: typeof usual === 'string' ? usual : null, tokens: new Map(tokens) };
}

const unreadable = (file: string, error: unknown): Ended =>
  new Ended(exitCodes.failed, `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);

/** Adds a server, or its new token, and makes it the default. The file is replaced as a whole, and only its owner reads it. */
export async function remember(url: string, token: string, env: Env): Promise<string> {
  const file = hostsFile(env);
  const { tokens } = await readHosts(env);
  const servers = Object.fromEntries(
    [...new Map([...tokens, [url, token]])].map(([one, its]) => [one, { token: its }]),
  );
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  await writeFile(next, stringify({ default: url, servers }), { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, file);
  return file;
}
