import type { Parameters, RestartPolicy } from '../model/parameters.js';
import { parseRestart } from '../restart-policy.js';
import { splitCommandLine } from './command-line.js';
import type { Fields } from './fields.js';
import { isNull } from './node.js';
import { NANOSECONDS_PER_MS, parseDuration } from './values.js';

type ProcessFields = Pick<
  Parameters,
  | 'command'
  | 'entrypoint'
  | 'user'
  | 'groupAdd'
  | 'workingDir'
  | 'privileged'
  | 'capAdd'
  | 'capDrop'
  | 'securityOpt'
  | 'sysctls'
  | 'init'
  | 'restart'
  | 'stopSignal'
  | 'stopGracePeriod'
>;

const DEFAULT_GRACE_MS = 10_000;

/** Reads what the container runs, and with which rights. */
export function readProcess(fields: Fields, defaultRestart: RestartPolicy | null): ProcessFields {
  return {
    command: readCommand(fields, 'command'),
    entrypoint: readCommand(fields, 'entrypoint'),
    user: fields.text('user'),
    groupAdd: fields.set('group_add', (text) => text || null, 'a group'),
    workingDir: fields.scalar('working_dir', (text) => (text.startsWith('/') ? text : null), 'an absolute path'),
    privileged: fields.boolean('privileged') ?? false,
    capAdd: fields.set('cap_add', parseCapability, 'the name of a capability, such as `NET_ADMIN`'),
    capDrop: fields.set('cap_drop', parseCapability, 'the name of a capability, such as `NET_RAW`'),
    securityOpt: readSecurityOptions(fields),
    sysctls: readSysctls(fields),
    init: fields.boolean('init') ?? true,
    restart: readRestart(fields, defaultRestart),
    stopSignal: fields.scalar('stop_signal', parseSignal, 'the name or number of a signal, such as `SIGTERM`'),
    stopGracePeriod:
      fields.scalar('stop_grace_period', parseMilliseconds, 'a duration such as `30s` or `1m30s`') ?? DEFAULT_GRACE_MS,
  };
}

/** Null if the image decides. */
function readCommand(fields: Fields, key: 'command' | 'entrypoint'): readonly string[] | null {
  const node = fields.node(key);
  if (node === undefined || isNull(node)) return null;
  if (node.kind === 'list') return fields.list(key).map(({ text }) => text);
  if (node.kind !== 'scalar') return null;
  const split = splitCommandLine(node.text);
  if ('fault' in split) return fields.fault(node.place, split.fault);
  fields.fromFile(key, node.place);
  return split.words;
}

/** A capability without `CAP_`, in upper case; null if the text is not one. */
export function parseCapability(text: string): string | null {
  const name = text.toUpperCase().replace(/^CAP_/, '');
  return /^[A-Z][A-Z_0-9]*$/.test(name) ? name : null;
}

function readSecurityOptions(fields: Fields): readonly string[] {
  const parse = (text: string) => (text === '' || /^seccomp[:=](?!unconfined$)/.test(text) ? null : text);
  return fields.set(
    'security_opt',
    parse,
    'an option; a seccomp profile in a file is not supported, only `seccomp=unconfined`',
  );
}

function readSysctls(fields: Fields): Record<string, string> {
  const read = fields.entries('sysctls').flatMap(({ name, value, place }) => {
    if (/^[a-z0-9_.-]+$/i.test(name) && value.kind === 'scalar' && !isNull(value)) return [[name, value.text] as const];
    return fields.fault(place, 'Each of `sysctls` has to be the name of a kernel parameter, with a value.') ?? [];
  });
  return Object.fromEntries(read);
}

function readRestart(fields: Fields, byDefault: RestartPolicy | null): RestartPolicy {
  const restart = fields.scalar(
    'restart',
    parseRestart,
    '`always`, `unless-stopped`, `on-failure[:retries]` or `"no"`',
  );
  if (restart !== null) return restart;
  if (byDefault !== null) fields.origins.set('restart', { kind: 'environment' });
  return byDefault ?? { name: 'always', maxRetries: 0 };
}

/** `SIGTERM` for `term`; a number stays. */
function parseSignal(text: string): string | null {
  if (/^\d{1,2}$/.test(text)) return String(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, '');
  return /^[A-Z][A-Z0-9]*(?:[-+]\d+)?$/.test(name) ? `SIG${name}` : null;
}

function parseMilliseconds(text: string): number | null {
  const nanoseconds = parseDuration(text);
  return nanoseconds === null || nanoseconds % NANOSECONDS_PER_MS !== 0 ? null : nanoseconds / NANOSECONDS_PER_MS;
}
