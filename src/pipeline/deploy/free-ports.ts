import { SlipwayError } from '../../errors.js';
import type { ContainerSummary } from '../../model/container.js';
import type { PublishedPort } from '../../model/parameters.js';
import type { HostWork, Target } from './host-work.js';

const everyAddress = ['', '0.0.0.0', '::'];
const overlap = (one: string, other: string): boolean =>
  one === other || everyAddress.includes(one) || everyAddress.includes(other);

/**
 * Fails with `port-in-use` if something else on the host has a port of the target: another container, or a program that answers there. Our
 * own containers of the service in this environment may have it, and those that the ticket may take the place of.
 */
export async function requireFreePorts(
  target: Target,
  listed: readonly ContainerSummary[],
  work: HostWork,
): Promise<void> {
  const { host, settings, attempt, deps } = work;
  const { parameters, publish } = target.specification;
  const isOurs = (one: ContainerSummary): boolean => {
    const identity = deps.labels.read(one);
    return identity === null
      ? attempt.deployment.adopt.includes(one.name)
      : identity.environment === target.environment && identity.service === target.service;
  };
  for (const port of parameters.ports) {
    if (port.hostPort === null) continue;
    const address = port.hostIp === '' ? (publish[host.name] ?? '') : port.hostIp;
    const holders = listed.filter(({ ports }) => ports.some((bound) => has(bound, port, address)));
    const foreign = holders.find((one) => !isOurs(one));
    if (foreign !== undefined) throw inUse(host.name, port.hostPort, `the container ${foreign.name}`);
    if (holders.length > 0 || port.protocol !== 'tcp') continue;
    const reached = everyAddress.includes(address) ? settings.address : address;
    if (await deps.answersAt(reached, port.hostPort))
      throw inUse(host.name, port.hostPort, `a program outside of Docker, which answers at ${reached}`);
  }
}

/** What an engine says of a port that it has given away itself, to a container that may be gone. */
const givenAway = /already allocated/i;

/**
 * The error of a container that did not start. If the engine says that it has given the port away, and nobody is seen to have it, the
 * message says what may be the matter. Never fails.
 */
export async function withPortHint(error: unknown, target: Target, work: HostWork): Promise<unknown> {
  if (!(error instanceof SlipwayError) || error.code !== 'port-in-use' || !givenAway.test(error.message)) return error;
  if (await isPortSeen(target, work).catch(() => true)) return error;
  const hint =
    'Nobody is seen to have it. After a power failure, Docker Engine 20.10 may keep a port taken until the engine is restarted once more.';
  return new SlipwayError(error.code, `${error.message.replace(/\.$/, '')}. ${hint}`, {
    cause: error,
    extra: error.extra,
  });
}

/** Whether a container has one of the target's ports, or a program answers there. */
async function isPortSeen(target: Target, { host, settings, deps }: HostWork): Promise<boolean> {
  const listed = await host.containers.list();
  if (listed.some((one) => holdsPortOf(target, host.name, one))) return true;
  const { parameters, publish } = target.specification;
  for (const { hostPort, hostIp, protocol } of parameters.ports) {
    if (hostPort === null || protocol !== 'tcp') continue;
    const address = hostIp === '' ? (publish[host.name] ?? '') : hostIp;
    if (await deps.answersAt(everyAddress.includes(address) ? settings.address : address, hostPort)) return true;
  }
  return false;
}

/** Whether a container of the host has a port that the target needs. */
export const holdsPortOf = ({ specification }: Target, host: string, { ports }: ContainerSummary): boolean =>
  specification.parameters.ports.some((port) => {
    const address = port.hostIp === '' ? (specification.publish[host] ?? '') : port.hostIp;
    return ports.some((bound) => has(bound, port, address));
  });

const has = (
  bound: ContainerSummary['ports'][number],
  { hostPort, protocol }: PublishedPort,
  address: string,
): boolean => bound.hostPort === hostPort && bound.protocol === protocol && overlap(bound.hostIp, address);

const inUse = (host: string, port: number, who: string): SlipwayError =>
  new SlipwayError('port-in-use', `Host ${host}: port ${port} is in use by ${who}.`, { extra: { host } });
