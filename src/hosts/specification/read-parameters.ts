import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { memberOf, textOf, textsOf, type JsonObject } from '../../docker/answer.js';
import type { EnvironmentValue, Mount, Parameters } from '../../model/parameters.js';
import type { HostLimits, Specification } from '../contract.js';
import { objectsOf, readRestart, recordOf } from '../messages/container-state.js';
import { graceSeconds } from './create-body.js';
import { environmentOf, wordsOf, type ImageSettings } from './image-settings.js';
import { readHealthcheck } from './read-healthcheck.js';
import { readLimits } from './read-limits.js';
import { readPorts } from './read-ports.js';

const MS_PER_SECOND = 1000;
const DEFAULT_GRACE_SECONDS = 10;
const SHORT_ID_CHARACTERS = 12;
/** What the engine sends if neither container nor image say. */
const defaultSignal = 'SIGTERM';
/** Labels that mark containers as Slipway's. They are no parameters. */
const ownLabels = 'dev.slipway.';

/** What is needed to read a container: its image, what it should be, and what the host can limit. */
export interface ReadingAids {
  readonly image: ImageSettings;
  readonly wanted: Specification | null;
  readonly limits: HostLimits;
}

/**
 * The parameters that a container was created from, read from `GET /containers/ID/json`: the way back of `createBody`. A value that the image
 * or the engine filled in reads as null. Where two ways of writing give the same container, it reads as `wanted` has it.
 */
export function readParameters(seen: JsonObject, aids: ReadingAids): Parameters {
  const { image, wanted } = aids;
  const config = memberOf(seen, 'Config');
  const host = memberOf(seen, 'HostConfig');
  const like = wanted?.parameters;
  const text = (name: string): string | null => textOf(config, name) || null;
  return {
    ports: readPorts(memberOf(host, 'PortBindings'), wanted),
    environment: readEnvironment(config, image, like),
    mounts: readMounts(host, image, like),
    tmpfs: recordOf(host['Tmpfs']),
    ...readCommands(config, image, like),
    user: inherited(text('User'), image.user, like?.user),
    workingDir: inherited(clean(text('WorkingDir')), image.workingDir, like?.workingDir, clean),
    hostname: readHostname(seen, config, host, like),
    privileged: host['Privileged'] === true,
    capAdd: capabilities(host['CapAdd']),
    capDrop: capabilities(host['CapDrop']),
    securityOpt: readSecurity(host, like),
    devices: readDevices(host),
    groupAdd: [...textsOf(host['GroupAdd'])].sort(),
    readOnly: host['ReadonlyRootfs'] === true,
    init: host['Init'] === true,
    sysctls: recordOf(host['Sysctls']),
    extraHosts: [...textsOf(host['ExtraHosts'])].map((entry) => entry.replace(':', '=')).sort(),
    dns: textsOf(host['Dns']),
    networkMode: networkModes.find((mode) => mode === host['NetworkMode']) ?? 'bridge',
    restart: readRestart(seen),
    stopSignal: inherited(text('StopSignal') ?? defaultSignal, image.stopSignal ?? defaultSignal, like?.stopSignal),
    stopGracePeriod: readGrace(config, like),
    healthcheck: readHealthcheck(memberOf(config, 'Healthcheck'), image.healthcheck, like),
    logging: readLogging(host, like),
    labels: readLabels(config, image, like),
    ...readLimits(host, aids.limits, like),
  };
}

const networkModes = ['bridge', 'host', 'none'] as const;

/**
 * A value that the image decides if it is not set. `wanted` is undefined if nothing is wanted. `normal` is what the engine makes of a value.
 */
function inherited<T>(
  found: T | null,
  fromImage: T | null,
  wanted: T | null | undefined,
  normal: (value: T | null) => T | null = (value) => value,
): T | null {
  if (wanted !== undefined && isDeepStrictEqual(found, normal(wanted) ?? fromImage)) return wanted;
  return isDeepStrictEqual(found, fromImage) ? null : found;
}

/** The engine cleans the path. */
const clean = (path: string | null): string | null =>
  path === null || path === '/' ? path : posix.normalize(path).replace(/\/$/, '');

/** An entrypoint of its own takes the image's command away; an empty command counts as not set. */
function readCommands(
  config: JsonObject,
  image: ImageSettings,
  like: Parameters | undefined,
): Pick<Parameters, 'command' | 'entrypoint'> {
  const filled = (words: readonly string[] | null): readonly string[] | null => wordsOf(words);
  const [entrypoint, command] = [wordsOf(config['Entrypoint']), wordsOf(config['Cmd'])];
  const emptied = like?.entrypoint?.length === 0 ? null : image.entrypoint;
  const readEntrypoint = inherited(entrypoint, emptied, like?.entrypoint, filled);
  const fromImage = wordsOf(readEntrypoint) === null ? image.command : null;
  const readCommand = inherited(command, fromImage, like?.command, filled);
  return {
    entrypoint: readEntrypoint ?? (isDeepStrictEqual(entrypoint, emptied) ? null : []),
    command: readCommand ?? (isDeepStrictEqual(command, fromImage) ? null : []),
  };
}

function readEnvironment(
  config: JsonObject,
  image: ImageSettings,
  like: Parameters | undefined,
): Record<string, EnvironmentValue> {
  const wanted = new Map(Object.entries(like?.environment ?? {}));
  const values = [...environmentOf(config['Env'])].flatMap(([name, value]): [string, EnvironmentValue][] => {
    const entry = wanted.get(name);
    if (entry?.value === value) return [[name, entry]];
    if (entry === undefined && image.env.get(name) === value) return [];
    return [[name, { value, secret: entry?.secret ?? false, written: value.replaceAll('$', () => '$$') }]];
  });
  return Object.fromEntries(values);
}

function readLabels(config: JsonObject, image: ImageSettings, like: Parameters | undefined): Record<string, string> {
  const wanted = new Set(Object.keys(like?.labels ?? {}));
  return Object.fromEntries(
    Object.entries(recordOf(config['Labels'])).filter(
      ([name, value]) => !name.startsWith(ownLabels) && (wanted.has(name) || image.labels.get(name) !== value),
    ),
  );
}

/** A volume at a `VOLUME` of the image that is not wanted was taken over from another container. */
function readMounts(host: JsonObject, image: ImageSettings, like: Parameters | undefined): readonly Mount[] {
  const wanted = new Map((like?.mounts ?? []).map((mount) => [mount.target, mount]));
  const mounts = [...objectsOf(host['Mounts']).flatMap(readMount), ...textsOf(host['Binds']).flatMap(readBind)];
  return mounts
    .filter(
      ({ kind, target }) => like === undefined || wanted.has(target) || kind === 'bind' || !image.volumes.has(target),
    )
    .map((mount) => {
      const named = { ...mount, external: wanted.get(mount.target)?.external ?? false };
      return isDeepStrictEqual(named, wanted.get(mount.target)) ? named : { ...mount, external: false };
    })
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

function readMount(seen: JsonObject): readonly Mount[] {
  const kind = seen['Type'];
  if (kind !== 'bind' && kind !== 'volume') return [];
  const [source, target] = [textOf(seen, 'Source'), textOf(seen, 'Target')];
  return [{ kind, source, target, readOnly: seen['ReadOnly'] === true, external: false }];
}

/** A mount in the engine's older form, as people's own containers have it: `source:target[:options]`. */
function readBind(text: string): readonly Mount[] {
  const [source = '', target = '', options = ''] = text.split(':');
  const kind = source.startsWith('/') ? 'bind' : 'volume';
  return [{ kind, source, target, readOnly: options.split(',').includes('ro'), external: false }];
}

/** Without a name of its own a container is called after its id, or, in the host's network, like the host. */
function readHostname(
  seen: JsonObject,
  config: JsonObject,
  host: JsonObject,
  like: Parameters | undefined,
): string | null {
  const found = textOf(config, 'Hostname');
  if (found === '' || found === like?.hostname) return found || null;
  const givenByHost = host['NetworkMode'] === 'host' && like?.hostname === null;
  return givenByHost || found === textOf(seen, 'Id').slice(0, SHORT_ID_CHARACTERS) ? null : found;
}

const capabilities = (value: unknown): readonly string[] =>
  textsOf(value)
    .map((name) => name.toUpperCase().replace(/^CAP_/, ''))
    .sort();

/** The engine turns labels off for a privileged container. */
function readSecurity(host: JsonObject, like: Parameters | undefined): readonly string[] {
  const filledIn = host['Privileged'] === true && like?.securityOpt.includes('label=disable') !== true;
  const options = textsOf(host['SecurityOpt']).filter((option) => !filledIn || option !== 'label=disable');
  return [...options].sort();
}

function readDevices(host: JsonObject): Parameters['devices'] {
  return objectsOf(host['Devices'])
    .map((device) => ({
      host: textOf(device, 'PathOnHost'),
      container: textOf(device, 'PathInContainer'),
      permissions: textOf(device, 'CgroupPermissions'),
    }))
    .sort((a, b) => (a.container < b.container ? -1 : 1));
}

function readGrace(config: JsonObject, like: Parameters | undefined): number {
  const found = config['StopTimeout'];
  const seconds = typeof found === 'number' ? found : DEFAULT_GRACE_SECONDS;
  const sameSeconds = like !== undefined && graceSeconds(like.stopGracePeriod) === seconds;
  return sameSeconds ? like.stopGracePeriod : seconds * MS_PER_SECOND;
}

/** An engine may have options of its own for a driver; those that are not wanted come from there. */
function readLogging(host: JsonObject, like: Parameters | undefined): Parameters['logging'] {
  const seen = memberOf(host, 'LogConfig');
  const [driver, found] = [textOf(seen, 'Type'), Object.entries(recordOf(seen['Config']))];
  const wanted = like?.logging.driver === driver ? new Set(Object.keys(like.logging.options)) : null;
  return { driver, options: Object.fromEntries(found.filter(([name]) => wanted === null || wanted.has(name))) };
}
