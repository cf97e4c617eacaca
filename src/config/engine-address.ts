import { isIP } from 'node:net';
import { MAX_PORT } from './check.js';

/** What fits into `sun_path` of a socket's address on Linux, without the zero at its end (unix(7)). */
const MAX_SOCKET_BYTES = 107;

/** The longest name in DNS (RFC 1035, section 2.3.4). */
const MAX_NAME_CHARACTERS = 253;

/** True for a host name or an IP address, without a port or brackets. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 || (text.length <= MAX_NAME_CHARACTERS && /^[A-Za-z\d](?:[\w.-]*[A-Za-z\d])?$/.test(text));
}

const addressForm =
  /^(?<scheme>tcp|ssh):\/\/(?:(?<user>[^@]*)@)?(?<host>\[[^\]]*\]|[^:@/]*)(?::(?<port>\d{1,5}))?(?<path>\/.*)?$/;

/** The fault of the address of a host's engine, as the end of a sentence, or null. Never quotes it: it may hold a password. */
export function hostEngineFault(text: string): string | null {
  if (text.startsWith('unix://'))
    return socketFault(text.slice('unix://'.length), 'unix:///path/of/the/socket, with an absolute path');
  const { scheme, user, host = '', port, path } = addressForm.exec(text)?.groups ?? {};
  if (scheme === 'tcp') {
    if (user !== undefined) return 'must not hold credentials; use tls';
    return isHostAndPort(host, port) && path === undefined ? null : 'must be tcp://host:port';
  }
  if (scheme === undefined) return 'must be unix:///path/of/the/socket, tcp://host:port or ssh://user@host';
  if (user?.includes(':')) return 'must not hold a password; ssh signs in with a key';
  // Neither may begin with "-", which ssh would take for an option.
  const isUser = user === undefined || /^[A-Za-z\d_][\w.-]*$/.test(user);
  return isUser && isHostAndPort(host, port) && isRemoteSocket(path)
    ? null
    : 'must be ssh://host, ssh://user@host or ssh://user@host:port, and then perhaps the path of the socket there';
}

/** A colon would end the path in an argument of ssh. */
const isRemoteSocket = (path: string | undefined): boolean =>
  path === undefined || (/^\/[\w/.-]+$/.test(path) && Buffer.byteLength(path) <= MAX_SOCKET_BYTES);

/** Where HAProxy's admin socket is: a path, or `ssh://` with a path of that machine. As `hostEngineFault`. */
export function adminSocketFault(text: string): string | null {
  if (text.startsWith('/')) return socketFault(text, 'an absolute path');
  if (!text.startsWith('ssh://')) return 'must be an absolute path, or ssh://user@host/path/of/the/socket';
  const [, address = '', path = ''] = /^(ssh:\/\/[^/]*)(.*)$/s.exec(text) ?? [];
  const fault = hostEngineFault(address);
  if (fault !== null) return fault.includes('password') ? fault : 'must be ssh://user@host/path/of/the/socket';
  return path !== '' && isRemoteSocket(path)
    ? null
    : 'must be ssh://user@host/path/of/the/socket, with a path of letters, digits and "/._-"';
}

function socketFault(path: string, form: string): string | null {
  if (!/^\/[^\0]+$/.test(path)) return `must be ${form}`;
  return Buffer.byteLength(path) <= MAX_SOCKET_BYTES ? null : `must have a path of at most ${MAX_SOCKET_BYTES} bytes`;
}

function isHostAndPort(host: string, port: string | undefined): boolean {
  const isHost = host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : isAddress(host);
  return isHost && (port === undefined || (Number(port) >= 1 && Number(port) <= MAX_PORT));
}

/** One spelling for one engine. `/var/run` is a link to `/run`; who signs in over ssh reaches the same engine. */
export function engineKey(engine: string): string {
  if (engine.startsWith('unix://')) return `unix:${socketKey(engine.slice('unix://'.length))}`;
  const [, machine = '', path = ''] = /^(\w+:\/\/[^/]*)(.*)$/.exec(engine) ?? [];
  const socket = socketKey(path);
  const name = machine
    .toLowerCase()
    .replace(/^ssh:\/\/[^@]*@/, 'ssh://')
    .replace(/^(ssh:.*):22$/, '$1');
  return socket === '/run/docker.sock' ? name : `${name}${socket}`;
}

const socketKey = (path: string): string => path.replace(/\/+/g, '/').replace(/^\/var\/run\//, '/run/');
