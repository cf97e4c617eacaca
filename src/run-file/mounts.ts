import { posix } from 'node:path';
import type { Place } from '../model/run-file.js';
import { textOf, valueOf, type Node } from './node.js';
import { parseBoolean } from './values.js';

/** An entry of `volumes` as written: the volume's name is not resolved yet. */
export interface WrittenMount {
  readonly kind: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** `bind.create_host_path: true` is written out. */
  readonly createsPath: boolean;
  readonly place: Place;
}

type Read<T> = T | { readonly fault: string };

const relative = 'The source of a bind has to be an absolute path of the host.';
const volumeName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Reads one entry of `volumes` in its short or long form. */
export function readMount(node: Node): Read<WrittenMount> {
  return node.kind === 'scalar' ? shortMount(node.text, node.place) : longMount(node);
}

function shortMount(text: string, place: Place): Read<WrittenMount> {
  const [source = '', target, options, ...more] = text.split(':');
  if (target === undefined)
    return {
      fault:
        'A volume without a name is lost with its container. Write `name:/path`, and declare the name under `volumes`.',
    };
  if (more.length > 0 || source === '' || options === '')
    return { fault: 'A volume has to be `source:target` or `source:target:ro`.' };
  if (/^[a-zA-Z]$/.test(source)) {
    return { fault: 'Compose takes a single letter before `:` for a drive of Windows; give the volume a longer name.' };
  }
  const unknown = (options ?? 'rw').split(',').find((option) => !/^r[ow]$/.test(option));
  if (unknown !== undefined)
    return {
      fault: `The option ${JSON.stringify(unknown)} of a volume is not supported; there are \`ro\` and \`rw\`.`,
    };
  const readOnly = (options ?? 'rw').split(',').at(-1) === 'ro';
  const kind = /^[./~\\]/.test(source) ? 'bind' : 'volume';
  return checked({ kind, source, target, readOnly, createsPath: false, place });
}

function longMount(node: Node): Read<WrittenMount> {
  const [type, source = '', target = ''] = ['type', 'source', 'target'].map((key) => textOf(node, key));
  if (type !== 'bind' && type !== 'volume')
    return { fault: 'The `type` of a volume has to be `bind` or `volume`; folders in memory go under `tmpfs`.' };
  const readOnly = parseBoolean(textOf(node, 'read_only') ?? 'false');
  const createsPath = parseBoolean(textOf(valueOf(node, 'bind'), 'create_host_path') ?? 'false');
  if (readOnly === null || createsPath === null)
    return { fault: '`read_only` and `create_host_path` have to be `true` or `false`.' };
  return checked({ kind: type, source, target, readOnly, createsPath, place: node.place });
}

function checked(mount: WrittenMount): Read<WrittenMount> {
  if (mount.kind === 'bind' && !mount.source.startsWith('/')) return { fault: relative };
  if (mount.kind === 'volume' && !volumeName.test(mount.source)) {
    return {
      fault: mount.source.includes('/') ? relative : 'The name of a volume has letters, digits, `_`, `.` and `-`.',
    };
  }
  if (!isTarget(mount.target))
    return { fault: 'The target of a volume has to be an absolute path in the container, below `/`.' };
  return {
    ...mount,
    source: mount.kind === 'bind' ? cleanPath(mount.source) : mount.source,
    target: cleanPath(mount.target),
  };
}

/** Whether something can be mounted there. */
export const isTarget = (path: string): boolean => path.startsWith('/') && cleanPath(path) !== '/';

/** An absolute path without `.`, `..`, doubled slashes and a slash at its end. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path).replace(/^\/+/, '/');
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** What makes two entries the same mount in a merge. Null if the entry is no mount. */
export function mountKey(node: Node): string | null {
  const mount = readMount(node);
  return 'fault' in mount ? null : mount.target;
}
