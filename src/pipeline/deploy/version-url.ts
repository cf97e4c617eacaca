import { SlipwayError } from '../../errors.js';
import type { HostSettings } from '../../model/environment.js';
import type { BoundPort } from '../../model/container.js';
import type { Parameters } from '../../model/parameters.js';
import type { Verify } from '../../model/run-file.js';

/** What a host's container is asked with. */
interface Asked {
  readonly parameters: Parameters;
  readonly verify: Verify;
  readonly host: Pick<HostSettings, 'address' | 'publish'>;
  /** Where the container has its ports, if it runs. */
  readonly bound: readonly BoundPort[];
}

const everyAddress = ['', '0.0.0.0', '::'];

/**
 * The container's port that is asked for the version: that of `verify`, or the only one that is published. Fails with `run-file-invalid` if
 * neither says which, or if nobody can reach it.
 */
export function verifiedPort(parameters: Parameters, verify: Verify): number {
  const published = [
    ...new Set(parameters.ports.filter(({ protocol }) => protocol === 'tcp').map((port) => port.containerPort)),
  ];
  const [only, ...others] = published;
  if (verify.port === undefined && (only === undefined || others.length > 0))
    throw new SlipwayError(
      'run-file-invalid',
      `\`verify\` needs a \`port\`: the container publishes ${only === undefined ? 'none' : `the ports ${published.join(', ')}`}.`,
    );
  const port = verify.port ?? only ?? 0;
  if (parameters.networkMode !== 'host' && !published.includes(port))
    throw new SlipwayError('run-file-invalid', `\`verify\` asks port ${port}, which the container does not publish.`);
  return port;
}

/** Where a container is asked for its version. Null while it has no port there. */
export function versionUrl({ parameters, verify, host, bound }: Asked): URL | null {
  const port = verifiedPort(parameters, verify);
  const wanted = parameters.ports.find((one) => one.containerPort === port && one.protocol === 'tcp');
  const seen = bound.find((one) => one.containerPort === port && one.protocol === 'tcp');
  const hostPort = wanted === undefined ? port : (wanted.hostPort ?? seen?.hostPort);
  if (hostPort === undefined) return null;
  const specific = [wanted?.hostIp ?? '', host.publish ?? ''].find((address) => !everyAddress.includes(address));
  const address = specific ?? host.address;
  const authority = `${address.includes(':') ? `[${address}]` : address}:${hostPort}`;
  return new URL(`${verify.scheme ?? 'http'}://${authority}${verify.path ?? '/'}`);
}
