import type { System } from '../../api/types.js';

type Check = System['checks'][number];

/** What people call the checks of the API. */
const names: Readonly<Record<string, string>> = {
  engine: 'Engine',
  registry: 'Registry',
  store: 'Database',
  git: 'Git host',
  disk: 'Disk',
  setAside: 'Work set aside',
  configuration: 'Configuration',
  waiting: 'Work that waits',
  hosts: 'Hosts',
};

export const nameOf = ({ name }: Pick<Check, 'name'>): string => names[name] ?? name;

/** What is not well, in one sentence. */
export function sentenceOf(checks: readonly Check[]): string {
  const of = (state: Check['state']) => checks.filter((check) => check.state === state).map(nameOf);
  const [faults, notes] = [of('fault'), of('note')];
  if (faults.length > 0) return `${listed(faults)} ${faults.length === 1 ? 'needs' : 'need'} attention.`;
  if (notes.length > 0) return `Builds have all that they need. Worth knowing: ${listed(notes)}.`;
  return 'Everything is well.';
}

/** `Engine`, `Engine and Disk`, `Engine, Disk and Hosts`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A number of bytes for people: `12 GiB`, `512 MiB`. */
export function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** What to do about webhook requests that are refused. */
const refusals: Readonly<Record<string, string>> = {
  'invalid-signature': 'The secret at the git host is not one of github.webhookSecrets.',
  'invalid-payload': 'The content type at the git host has to be application/json, and the event a push.',
  'payload-too-large': 'A push was larger than 25 MiB. The sweep finds what it brought.',
  'request-timeout': 'The body did not come in time. See the proxy in front.',
  'too-busy': 'Too much came at once. The git host shows which deliveries to send again.',
  'unsupported-media-type': 'The content type at the git host has to be application/json.',
  'store-unavailable': 'The database did not answer. The git host shows which deliveries to send again.',
};

export const remedyOf = (code: string): string => refusals[code] ?? 'See the log of the server.';

/** How far back a time without a webhook is worth a mark. */
const QUIET_MS = 90 * 86_400_000;

/** True for a repository whose webhook seems not to be there. */
export const isQuiet = (lastHeardAt: string | null, now: number): boolean =>
  lastHeardAt === null || now - Date.parse(lastHeardAt) > QUIET_MS;

/** What a caller did, as the audit list has it: `POST /api/v1/builds/4f2a/cancel`. */
export function callOf({
  method,
  route,
  parameters,
}: {
  method: string;
  route: string;
  parameters: Record<string, string>;
}): string {
  return `${method} ${route.replace(/:(\w+)/g, (whole, name: string) => parameters[name] ?? whole)}`;
}
