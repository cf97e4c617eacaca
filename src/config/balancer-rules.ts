import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { fault, unknownName } from './fault.js';
import type { SketchEnvironment } from './sketch.js';

type SketchBalancer = NonNullable<SketchEnvironment['balancer']>;

/** Checks a balancer against the hosts of its environment. `hosts` null: nothing is known of them. */
export function balancerFaults(
  balancer: SketchBalancer | undefined,
  environment: string,
  hosts: readonly string[] | null,
): Fault[] {
  if (balancer === undefined) return [];
  const place = `${environment}.balancer`;
  const { haproxy, command } = balancer;
  if (haproxy === undefined && command === undefined) return [fault(place, 'needs `haproxy` or `command`')];
  if (haproxy !== undefined && command !== undefined) {
    return [fault(place, 'has both `haproxy` and `command`; give one of them')];
  }
  return [
    ...stateFileFaults(haproxy, `${place}.haproxy.stateFile`),
    ...serverFaults(haproxy?.servers, `${place}.haproxy.servers`, hosts),
    ...commandFaults(command, `${place}.command`),
  ];
}

/** The file is one of this machine, and so is what is written to it. */
function stateFileFaults(haproxy: SketchBalancer['haproxy'], place: string): Fault[] {
  const { stateFile, sockets } = haproxy ?? {};
  return stateFile !== undefined && sockets?.every((socket) => socket?.startsWith('ssh://'))
    ? [fault(place, 'needs an admin socket of this machine; where HAProxy is on another one, its unit writes the file')]
    : [];
}

function serverFaults(
  servers: NonNullable<SketchBalancer['haproxy']>['servers'],
  place: string,
  hosts: readonly string[] | null,
): Fault[] {
  if (servers === undefined || hosts === null) return [];
  const owners = new Map<string, string>();
  const each = Object.entries(servers).flatMap(([host, server]) => {
    const here = placeOf(place, host);
    if (!hosts.includes(host)) return [unknownName(here, host, hosts, 'host of this environment')];
    const owner = server === undefined ? undefined : owners.get(server);
    if (server !== undefined && owner === undefined) owners.set(server, host);
    return owner === undefined ? [] : [fault(here, `is also the server of the host ${owner}`)];
  });
  const missing = hosts.filter((host) => !Object.hasOwn(servers, host));
  return [...each, ...missing.map((host) => fault(placeOf(place, host), 'is required: every host has a server'))];
}

/** Commands that mean one host have to say which. */
function commandFaults(command: SketchBalancer['command'], place: string): Fault[] {
  return (['enable', 'drain'] as const).flatMap((key) => {
    const words = command?.[key];
    return words === undefined || words.some((word) => word.includes('{host}'))
      ? []
      : [fault(`${place}.${key}`, 'must have {host} in one of its words')];
  });
}
