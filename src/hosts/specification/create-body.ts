import type { JsonObject } from '../../docker/answer.js';
import type { Healthcheck, Mount, Parameters, PublishedPort } from '../../model/parameters.js';
import type { NewContainer } from '../contract.js';

const MS_PER_SECOND = 1000;

/** Seconds that the engine waits for a container to stop; it counts in whole ones. */
export const graceSeconds = (graceMs: number): number => Math.ceil(graceMs / MS_PER_SECOND);

/** `80/tcp`, as the engine names a port of a container. */
const portName = ({ containerPort, protocol }: PublishedPort): string => `${containerPort}/${protocol}`;

/**
 * What `POST /containers/create` takes (https://docs.docker.com/reference/api/engine/). `Mounts` and not `Binds`, because `Binds` makes a
 * missing folder; `MemorySwap` always, because the engine allows as much swap as memory without it.
 */
export function createBody({ parameters, image, labels, publish, restart, takeOver }: NewContainer): JsonObject {
  const { ports, command, entrypoint, user, workingDir, hostname, stopSignal, stopGracePeriod, healthcheck } =
    parameters;
  return {
    Image: image,
    Env: Object.entries(parameters.environment).map(([name, { value }]) => `${name}=${value}`),
    Labels: { ...parameters.labels, ...labels },
    ExposedPorts: Object.fromEntries(ports.map((port) => [portName(port), {}])),
    StopTimeout: graceSeconds(stopGracePeriod),
    ...set('Cmd', command),
    ...set('Entrypoint', entrypoint),
    ...set('User', user),
    ...set('WorkingDir', workingDir),
    ...set('Hostname', hostname),
    ...set('StopSignal', stopSignal),
    ...set('Healthcheck', healthcheck && healthcheckBody(healthcheck)),
    HostConfig: {
      ...processBody(parameters),
      ...limitBody(parameters),
      PortBindings: portBindings(ports, publish),
      Mounts: mountBodies(parameters.mounts, takeOver),
      Tmpfs: parameters.tmpfs,
      Devices: parameters.devices.map(({ host, container, permissions }) => ({
        PathOnHost: host,
        PathInContainer: container,
        CgroupPermissions: permissions,
      })),
      ExtraHosts: parameters.extraHosts.map((entry) => entry.replace('=', ':')),
      Dns: parameters.dns,
      NetworkMode: parameters.networkMode,
      RestartPolicy: { Name: restart.name, MaximumRetryCount: restart.maxRetries },
      LogConfig: { Type: parameters.logging.driver, Config: parameters.logging.options },
    },
  };
}

/** A member, or nothing for null, which leaves the value to the image or the engine. */
const set = (name: string, value: unknown): JsonObject => (value === null ? {} : { [name]: value });

function processBody(parameters: Parameters): JsonObject {
  return {
    Privileged: parameters.privileged,
    CapAdd: parameters.capAdd,
    CapDrop: parameters.capDrop,
    SecurityOpt: parameters.securityOpt,
    GroupAdd: parameters.groupAdd,
    ReadonlyRootfs: parameters.readOnly,
    Init: parameters.init,
    Sysctls: parameters.sysctls,
  };
}

function limitBody(parameters: Parameters): JsonObject {
  return {
    Memory: parameters.memory,
    MemorySwap: parameters.memorySwap,
    NanoCpus: parameters.nanoCpus,
    OomScoreAdj: parameters.oomScoreAdj,
    ...set('PidsLimit', parameters.pidsLimit),
    ...set('ShmSize', parameters.shmSize),
    Ulimits: Object.entries(parameters.ulimits).map(([name, { soft, hard }]) => ({
      Name: name,
      Soft: soft,
      Hard: hard,
    })),
  };
}

/** Times that are null or 0 take what the image says. */
function healthcheckBody({ disabled, ...check }: Healthcheck): JsonObject {
  if (disabled) return { Test: ['NONE'] };
  return {
    ...set('Test', check.test),
    ...set('Interval', check.interval),
    ...set('Timeout', check.timeout),
    ...set('StartPeriod', check.startPeriod),
    ...set('StartInterval', check.startInterval),
    ...set('Retries', check.retries),
  };
}

function portBindings(ports: readonly PublishedPort[], publish: string | null): JsonObject {
  const bindings = new Map<string, JsonObject[]>();
  for (const port of ports) {
    const binding = {
      HostIp: port.hostIp === '' ? (publish ?? '') : port.hostIp,
      HostPort: port.hostPort === null ? '' : String(port.hostPort),
    };
    bindings.set(portName(port), [...(bindings.get(portName(port)) ?? []), binding]);
  }
  return Object.fromEntries(bindings);
}

function mountBodies(mounts: readonly Mount[], takeOver: NewContainer['takeOver']): readonly JsonObject[] {
  const own = mounts.map(({ kind, source, target, readOnly }) => ({
    Type: kind,
    Source: source,
    Target: target,
    ReadOnly: readOnly,
  }));
  const covered = new Set(mounts.map(({ target }) => target));
  const taken = takeOver
    .filter(({ target }) => !covered.has(target))
    .map(({ volume, target }) => ({ Type: 'volume', Source: volume, Target: target, ReadOnly: false }));
  return [...own, ...taken];
}
