import type { Device, Mount, Parameters } from '../model/parameters.js';
import type { Fields } from './fields.js';
import { cleanPath, isTarget, readMount, type WrittenMount } from './mounts.js';
import { textOf, valueOf, type Node } from './node.js';
import { parseBoolean, parseBytes } from './values.js';

type StorageFields = Pick<Parameters, 'mounts' | 'tmpfs' | 'devices' | 'shmSize' | 'readOnly'>;

/** Where named volumes come from. */
export interface VolumeNames {
  /** The run file's `volumes`. */
  readonly declared: Node | undefined;
  /** `<service>.<environment>.` */
  readonly prefix: string;
}

/** Reads what the container mounts. */
export function readStorage(fields: Fields, names: VolumeNames): StorageFields {
  const mounts = readMounts(fields, names);
  const tmpfs = readTmpfs(fields, new Set(mounts.map(({ target }) => target)));
  const shmSize = fields.scalar('shm_size', (text) => parseBytes(text) || null, 'a size above zero, such as `64m`');
  return { mounts, tmpfs, devices: readDevices(fields), shmSize, readOnly: fields.boolean('read_only') ?? false };
}

function readMounts(fields: Fields, names: VolumeNames): readonly Mount[] {
  const node = fields.node('volumes');
  if (node?.kind !== 'list') return [];
  fields.fromFile('volumes', node.place);
  const mounts = new Map<string, Mount>();
  for (const item of node.items) {
    const written = readMount(item);
    const mount = 'fault' in written ? fields.fault(item.place, written.fault) : resolve(written, names, fields);
    if (mount === null) continue;
    mounts.set(mount.target, mount);
    fields.fromFile(`volumes.${mount.target}`, item.place);
  }
  return [...mounts.values()].sort((a, b) => (a.target < b.target ? -1 : 1));
}

function resolve(
  { kind, source, target, readOnly, createsPath, place }: WrittenMount,
  names: VolumeNames,
  fields: Fields,
): Mount | null {
  if (createsPath)
    fields.findings.warning(place, '`create_host_path` has no effect: a missing folder is a fault of the deployment.');
  if (kind === 'bind') return { kind, source, target, readOnly, external: false };
  const volume = valueOf(names.declared, source);
  if (volume === undefined) {
    return fields.fault(
      place,
      `The volume \`${source}\` is not declared. Add it to \`volumes\` at the top of the file.`,
    );
  }
  const named = valueOf(volume, 'name');
  const name = named?.kind === 'scalar' ? named.text : source;
  const external = isExternal(volume, fields);
  if (external === null) return null;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
    return fields.fault(named?.place ?? place, 'The name of a volume has letters, digits, `_`, `.` and `-`.');
  }
  return {
    kind,
    source: external || name.startsWith(names.prefix) ? name : `${names.prefix}${name}`,
    target,
    readOnly,
    external,
  };
}

function isExternal(volume: Node, fields: Fields): boolean | null {
  const external = valueOf(volume, 'external');
  if (external?.kind !== 'scalar') return false;
  return parseBoolean(external.text) ?? fields.fault(external.place, '`external` has to be `true` or `false`.');
}

function readTmpfs(fields: Fields, taken: ReadonlySet<string>): Record<string, string> {
  const folders = new Map<string, string>();
  for (const { text, place } of fields.list('tmpfs')) {
    const [path = '', ...options] = text.split(':');
    if (!isTarget(path))
      fields.fault(place, 'Each entry of `tmpfs` has to be an absolute path in the container, below `/`.');
    else if (taken.has(cleanPath(path))) fields.fault(place, `A volume is mounted at ${JSON.stringify(path)} already.`);
    else {
      folders.set(cleanPath(path), options.join(':'));
      fields.fromFile(`tmpfs.${cleanPath(path)}`, place);
    }
  }
  return Object.fromEntries([...folders].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readDevices(fields: Fields): readonly Device[] {
  const node = fields.node('devices');
  if (node?.kind !== 'list') return [];
  fields.fromFile('devices', node.place);
  const devices = new Map<string, Device>();
  for (const item of node.items) {
    const device = readDevice(item);
    if (device === null) {
      fields.fault(
        item.place,
        'Each entry of `devices` has to be `path[:path in the container[:permissions]]`, such as `/dev/fuse:/dev/fuse:rw`.',
      );
      continue;
    }
    devices.set(device.container, device);
    fields.fromFile(`devices.${device.container}`, item.place);
  }
  return [...devices.values()].sort((a, b) => (a.container < b.container ? -1 : 1));
}

function readDevice(node: Node): Device | null {
  const [host = '', container = host, permissions = 'rwm', ...more] =
    node.kind === 'scalar' ? node.text.split(':') : ['source', 'target', 'permissions'].map((key) => textOf(node, key));
  if (!isTarget(host) || !isTarget(container) || !/^[rwm]{1,3}$/.test(permissions) || more.length > 0) return null;
  const kept = [...'rwm'].filter((one) => permissions.includes(one)).join('');
  return { host: cleanPath(host), container: cleanPath(container), permissions: kept };
}
