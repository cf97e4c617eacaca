import { SlipwayError } from '../errors.js';

/** Where an engine is behind ssh. */
export interface SshAddress {
  /** Null: as ssh's own configuration says. */
  readonly user: string | null;
  readonly host: string;
  /** Null: as ssh's own configuration says. */
  readonly port: number | null;
  /** Path of the engine's socket on that machine. */
  readonly socket: string;
}

const usualSocket = '/var/run/docker.sock';
// Nothing that ssh could take for an option, or for a part of another argument.
const hostName = /^(?:[a-zA-Z0-9][a-zA-Z0-9._-]*|\[[0-9a-fA-F:.]+\])$/;
const userName = /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/;
const socketPath = /^\/[a-zA-Z0-9/._-]+$/;

/** Reads `ssh://[user@]host[:port][/path/of/the.sock]`. Fails with `invalid-configuration` for anything else. */
export function parseSshAddress(text: string): SshAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isValid(url))
    throw new SlipwayError(
      'invalid-configuration',
      `An engine behind ssh is written ssh://[user@]host[:port][/path/of/its/socket], without a password: ${url?.password ? 'the address has one' : text}`,
    );
  return {
    user: url.username || null,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? null : Number(url.port),
    socket: socketOf(url),
  };
}

const socketOf = ({ pathname }: URL): string => (pathname === '' || pathname === '/' ? usualSocket : pathname);

function isValid(url: URL): boolean {
  const nothingElse = url.password === '' && url.search === '' && url.hash === '';
  const userFits = url.username === '' || userName.test(url.username);
  return (
    url.protocol === 'ssh:' && hostName.test(url.hostname) && userFits && nothingElse && socketPath.test(socketOf(url))
  );
}
