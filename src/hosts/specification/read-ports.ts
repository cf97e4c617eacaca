import { textOf, type JsonObject } from '../../docker/answer.js';
import type { PublishedPort } from '../../model/parameters.js';
import { sortedPorts } from '../../model/sorted-ports.js';
import type { Specification } from '../contract.js';
import { objectsOf } from '../messages/container-state.js';

const protocols = ['tcp', 'udp', 'sctp'] as const;

/** Ports of `HostConfig.PortBindings`. The address that the host publishes on reads as no address, unless the port is wanted with it. */
export function readPorts(bindings: JsonObject, wanted: Specification | null): readonly PublishedPort[] {
  const ports = Object.entries(bindings).flatMap(([name, hosts]) =>
    objectsOf(hosts).flatMap((host) => readPort(name, host)),
  );
  const publish = wanted?.publish ?? '';
  const isWanted = (port: PublishedPort): boolean =>
    wanted?.parameters.ports.some((one) => keyOf(one) === keyOf(port)) ?? false;
  return sortedPorts(
    ports.map((port) => (port.hostIp === publish && !isWanted(port) ? { ...port, hostIp: '' } : port)),
  );
}

const keyOf = ({ hostIp, hostPort, containerPort, protocol }: PublishedPort): string =>
  [hostIp, hostPort, containerPort, protocol].join(' ');

function readPort(name: string, host: JsonObject): readonly PublishedPort[] {
  const [port, kind] = name.split('/');
  const protocol = protocols.find((one) => one === kind);
  const hostPort = textOf(host, 'HostPort');
  return protocol === undefined
    ? []
    : [
        {
          hostIp: textOf(host, 'HostIp').toLowerCase(),
          hostPort: hostPort === '' || hostPort === '0' ? null : Number(hostPort),
          containerPort: Number(port),
          protocol,
        },
      ];
}
