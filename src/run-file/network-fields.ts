import { isIP } from 'node:net';
import type { Parameters, PublishedPort } from '../model/parameters.js';
import type { Place } from '../model/run-file.js';
import { sortedPorts } from '../model/sorted-ports.js';
import type { Fields } from './fields.js';
import { isNull } from './node.js';
import { portsCollide, readPort } from './ports.js';

type NetworkFields = Pick<Parameters, 'ports' | 'networkMode' | 'extraHosts' | 'dns' | 'hostname'>;

/** Reads what concerns the network. `needsHostPort`: a balancer has to know each port. */
export function readNetwork(fields: Fields, needsHostPort: boolean): NetworkFields {
  const networkMode = fields.scalar('network_mode', parseMode, '`bridge`, `host` or `none`') ?? 'bridge';
  const ports = readPorts(fields, needsHostPort);
  const place = fields.node('ports')?.place;
  if (networkMode !== 'bridge' && ports.length > 0 && place !== undefined) {
    fields.fault(
      place,
      `Ports are published in the network mode \`bridge\` alone, and \`network_mode\` is \`${networkMode}\`. Remove one of both.`,
    );
  }
  const dns = fields
    .list('dns')
    .flatMap(({ text, place: at }) =>
      isIP(text) === 0 ? (fields.fault(at, 'Each entry of `dns` has to be an IP address.') ?? []) : text.toLowerCase(),
    );
  return { ports, networkMode, extraHosts: readHosts(fields), dns, hostname: fields.text('hostname') };
}

const modes = ['bridge', 'host', 'none'] as const;
const parseMode = (text: string) => modes.find((mode) => mode === text) ?? null;

function readPorts(fields: Fields, needsHostPort: boolean): readonly PublishedPort[] {
  const node = fields.node('ports');
  if (node?.kind !== 'list') return [];
  fields.fromFile('ports', node.place);
  const ports: PublishedPort[] = [];
  for (const item of node.items) {
    const port = readPort(item);
    if ('fault' in port) fields.fault(item.place, port.fault);
    else {
      checkPort(port, ports, item.place, fields, needsHostPort);
      ports.push(port);
    }
  }
  return sortedPorts(ports);
}

function checkPort(
  port: PublishedPort,
  others: readonly PublishedPort[],
  place: Place,
  fields: Fields,
  needsHostPort: boolean,
): void {
  if (port.hostPort === null && needsHostPort) {
    fields.fault(
      place,
      `The environment has a balancer, which has to know the port of the host: write \`${port.containerPort}:${port.containerPort}\`, or another host port.`,
    );
  }
  if (others.some((other) => portsCollide(port, other))) {
    fields.fault(place, `The host port ${port.hostPort} is published twice.`);
  }
}

/** `name=address`, sorted. */
function readHosts(fields: Fields): readonly string[] {
  const node = fields.node('extra_hosts');
  const listed = node?.kind === 'list' ? fields.list('extra_hosts') : [];
  const hosts = listed.map(({ text, place }) => {
    const [, name = '', address = ''] = /^([^=:]*)[=:](.*)$/s.exec(text) ?? [];
    return { name, address, place };
  });
  const mapped = (node?.kind === 'map' ? fields.entries('extra_hosts') : []).map(({ name, value, place }) => ({
    name,
    address: value.kind === 'scalar' && !isNull(value) ? value.text : '',
    place,
  }));
  const texts = [...hosts, ...mapped].flatMap(({ name, address: written, place }) => {
    const address = written.replace(/^\[(.+)\]$/, '$1');
    const fits = /^[^\s:=]+$/.test(name) && (isIP(address) !== 0 || address === 'host-gateway');
    return fits
      ? `${name}=${address}`
      : (fields.fault(
          place,
          'Each entry of `extra_hosts` has to be `name=address` with an IP address or `host-gateway`.',
        ) ?? []);
  });
  return [...new Set(texts)].sort();
}
