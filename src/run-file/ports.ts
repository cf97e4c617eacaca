import { isIP } from 'node:net';
import type { PublishedPort } from '../model/parameters.js';
import { textOf, type Node } from './node.js';
import { parseInteger } from './values.js';

const MAX_PORT = 65_535;
const protocols = ['tcp', 'udp', 'sctp'] as const;

type Read<T> = T | { readonly fault: string };

const wanted =
  'has to be `[address:][host port:]container port[/protocol]`, such as `8080:80` or `127.0.0.1:53:53/udp`';

/** Reads one entry of `ports` in its short or long form. */
export function readPort(node: Node): Read<PublishedPort> {
  if (node.kind === 'scalar') return shortPort(node.text);
  return readFields({
    hostIp: textOf(node, 'host_ip') ?? '',
    published: textOf(node, 'published') ?? null,
    target: textOf(node, 'target') ?? '',
    protocol: textOf(node, 'protocol') ?? 'tcp',
    mode: textOf(node, 'mode') ?? 'host',
  });
}

function shortPort(text: string): Read<PublishedPort> {
  const [, address, host, target = '', protocol = 'tcp'] =
    /^(?:(?:(\[[^\]]*\]|[^:]*):)?([^:]*):)?([^:/]*)(?:\/([^:/]*))?$/.exec(text) ?? [];
  if (target === '') return { fault: `A port ${wanted}.` };
  const hostIp = (address ?? '').replace(/^\[(.*)\]$/, '$1');
  return readFields({
    hostIp,
    published: host === undefined || host === '' ? null : host,
    target,
    protocol,
    mode: 'host',
  });
}

interface Fields {
  readonly hostIp: string;
  readonly published: string | null;
  readonly target: string;
  readonly protocol: string;
  readonly mode: string;
}

function readFields({ hostIp, published, target, protocol, mode }: Fields): Read<PublishedPort> {
  if (/^\d+-\d+$/.test(target) || (published !== null && /^\d+-\d+$/.test(published))) {
    return { fault: 'Port ranges are not supported; write one entry for each port.' };
  }
  const containerPort = parseInteger(target, 1, MAX_PORT);
  const hostPort = published === null ? null : parseInteger(published, 1, MAX_PORT);
  const known = protocols.find((name) => name === protocol.toLowerCase());
  if (containerPort === null || (published !== null && hostPort === null))
    return { fault: `A port ${wanted}; ports are numbers from 1 to ${MAX_PORT}.` };
  if (hostIp !== '' && isIP(hostIp) === 0) return { fault: 'The address of a port has to be an IP address.' };
  if (known === undefined) return { fault: 'The protocol of a port has to be `tcp`, `udp` or `sctp`.' };
  if (mode !== 'host' && mode !== 'ingress') return { fault: 'The mode of a port has to be `host` or `ingress`.' };
  return { hostIp: hostIp.toLowerCase(), hostPort, containerPort, protocol: known };
}

/** What makes two entries the same port in a merge. Null if the entry is no port. */
export function portKey(node: Node): string | null {
  const port = readPort(node);
  if ('fault' in port) return null;
  return `${port.hostIp === '' ? '0.0.0.0' : port.hostIp}:${port.hostPort ?? ''}:${port.containerPort}/${port.protocol}`;
}

const everyAddress = new Set(['', '0.0.0.0', '::']);

/** Whether two ports need the same port of the host. */
export function portsCollide(one: PublishedPort, other: PublishedPort): boolean {
  if (one.hostPort === null || one.hostPort !== other.hostPort || one.protocol !== other.protocol) return false;
  return one.hostIp === other.hostIp || everyAddress.has(one.hostIp) || everyAddress.has(other.hostIp);
}
