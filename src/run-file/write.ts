import type { Healthcheck, Mount, Parameters } from '../model/parameters.js';
import type { Verify } from '../model/run-file.js';
import { emitYaml, type Writable } from './emit-yaml.js';
import { escapeDollars } from './environment-values.js';
import { bytesText, cpusText, deviceText, durationText, portText, restartText } from './format.js';
import { NANOSECONDS_PER_MS } from './values.js';

export interface Written {
  readonly service: string;
  /** The image with its digest. */
  readonly image: string;
  readonly verify: Verify | null;
}

type Fields = { readonly [key: string]: Writable | undefined };

/**
 * The effective run file as YAML: everything written out, the image by its digest, secrets as `${NAME}`. `docker compose` runs it as the
 * same container, given the secrets as variables; read again, it means the same parameters.
 */
export function write(parameters: Parameters, { service, image, verify }: Written): string {
  const volumes = parameters.mounts
    .filter(({ kind }) => kind === 'volume')
    .map(({ source, external }) => [source, { name: source, ...(external && { external }) }]);
  return emitYaml({
    services: {
      [service]: {
        image: escapeDollars(image),
        ...processFields(parameters),
        ...networkFields(parameters),
        ...storageFields(parameters),
        ...limitFields(parameters),
        ...(verify !== null && { 'x-slipway': { verify: escaped({ ...verify }) } }),
      },
    },
    ...(volumes.length > 0 && { volumes: Object.fromEntries(volumes) }),
  });
}

/** Texts outside of `environment` have no variables. */
function escaped(value: Writable): Writable {
  if (typeof value === 'string') return escapeDollars(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Writable[]).map(escaped);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, one === undefined ? undefined : escaped(one)]),
  );
}

const list = (items: readonly string[]): Writable | undefined => (items.length === 0 ? undefined : escaped(items));
const text = (value: string | null): Writable | undefined => (value === null ? undefined : escapeDollars(value));
const words = (items: readonly string[] | null): Writable | undefined => (items === null ? undefined : escaped(items));
const map = (entries: Readonly<Record<string, Writable>>): Writable | undefined =>
  Object.keys(entries).length === 0 ? undefined : escaped(entries);

function processFields(parameters: Parameters): Fields {
  const environment = Object.entries(parameters.environment).map(([name, { written }]) => [name, written]);
  return {
    entrypoint: words(parameters.entrypoint),
    command: words(parameters.command),
    user: text(parameters.user),
    group_add: list(parameters.groupAdd),
    working_dir: text(parameters.workingDir),
    hostname: text(parameters.hostname),
    environment: environment.length === 0 ? undefined : Object.fromEntries(environment),
    labels: map(parameters.labels),
    init: parameters.init,
    restart: restartText(parameters.restart),
    stop_signal: text(parameters.stopSignal),
    stop_grace_period: durationText(parameters.stopGracePeriod * NANOSECONDS_PER_MS),
    healthcheck: parameters.healthcheck === null ? undefined : healthcheckFields(parameters.healthcheck),
    logging: { driver: escaped(parameters.logging.driver), options: map(parameters.logging.options) },
  };
}

function healthcheckFields({
  disabled,
  test,
  retries,
  interval,
  timeout,
  startPeriod,
  startInterval,
}: Healthcheck): Fields {
  const time = (value: number | null) => (value === null ? undefined : durationText(value));
  if (disabled) return { disable: true };
  return {
    test: words(test),
    interval: time(interval),
    timeout: time(timeout),
    start_period: time(startPeriod),
    start_interval: time(startInterval),
    retries: retries ?? undefined,
  };
}

function networkFields({ ports, networkMode, extraHosts, dns }: Parameters): Fields {
  return { ports: list(ports.map(portText)), network_mode: networkMode, extra_hosts: list(extraHosts), dns: list(dns) };
}

function storageFields(parameters: Parameters): Fields {
  const tmpfs = Object.entries(parameters.tmpfs).map(([path, options]) =>
    options === '' ? path : `${path}:${options}`,
  );
  return {
    volumes: parameters.mounts.length === 0 ? undefined : escaped(parameters.mounts.map(mountFields)),
    tmpfs: list(tmpfs),
    read_only: parameters.readOnly || undefined,
    shm_size: parameters.shmSize === null ? undefined : bytesText(parameters.shmSize),
    devices: list(parameters.devices.map(deviceText)),
  };
}

/** The long form, in which Compose makes no missing folder. */
function mountFields({ kind, source, target, readOnly }: Mount): Writable {
  return {
    type: kind,
    source,
    target,
    ...(readOnly && { read_only: true }),
    ...(kind === 'bind' && { bind: { create_host_path: false } }),
  };
}

function limitFields(parameters: Parameters): Fields {
  const { memory, memorySwap, nanoCpus, pidsLimit, oomScoreAdj } = parameters;
  return {
    privileged: parameters.privileged || undefined,
    cap_add: list(parameters.capAdd),
    cap_drop: list(parameters.capDrop),
    security_opt: list(parameters.securityOpt),
    sysctls: map(parameters.sysctls),
    ulimits: map(
      Object.fromEntries(Object.entries(parameters.ulimits).map(([name, { soft, hard }]) => [name, { soft, hard }])),
    ),
    mem_limit: memory === 0 ? 0 : bytesText(memory),
    memswap_limit: memory === 0 ? undefined : memorySwap === -1 ? -1 : bytesText(memorySwap),
    cpus: nanoCpus === 0 ? undefined : cpusText(nanoCpus),
    pids_limit: pidsLimit ?? undefined,
    oom_score_adj: oomScoreAdj === 0 ? undefined : oomScoreAdj,
  };
}
