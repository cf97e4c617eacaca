import { SlipwayError, type ErrorCode } from '../../errors.js';

/**
 * The one table of what the engines of hosts answer, as docs/errors.md shows it. The engine reports most faults only as text, worded
 * differently by release. The patterns were seen on Docker Engine 20.10, or come from the sources of newer ones. Whether a code is retried
 * and who has to act is in src/errors.ts.
 */
type Table = readonly (readonly [RegExp, ErrorCode])[];

/** The host's own troubles, whatever it was doing. */
const hostTroubles: Table = [
  [/no space left on device|disk quota exceeded|input\/output error/i, 'engine-error'],
  [/failed to create endpoint|could not find bridge|no available IPv4 addresses/i, 'engine-error'],
  [/context canceled|transport is closing|code = Unavailable|daemon is shutting down/i, 'host-unreachable'],
];

const mountTroubles: Table = [[/bind source path does not exist/i, 'bind-missing']];

/** Ports come before the troubles of networks: the messages begin with the same words. */
const portTroubles: Table = [[/port is already allocated|address already in use/i, 'port-in-use']];

/** Refusals of a pull that no waiting heals. */
const pullRefusals: Table = [
  [
    /no basic auth credentials|401 Unauthorized|(?:^|\s)unauthorized: |authentication required/i,
    'registry-unauthorized',
  ],
  [/incorrect username or password/i, 'registry-unauthorized'],
  [/manifest unknown|manifest for \S+ not found|name unknown|repository \S+ not found/i, 'registry-refused'],
  // containerd's image store has a sentence of its own for a manifest that is not there, and for a 403.
  [/failed to resolve reference "[^"]*": \S+: not found|: 403 Forbidden/i, 'registry-refused'],
  [/access to the resource is denied|pull access denied|(?:^|\s)denied: /i, 'registry-refused'],
];

/** Characters of an engine's message that are kept. */
const MAX_WORDS = 4096;

const look = (table: Table, words: string): ErrorCode | null =>
  table.find(([pattern]) => pattern.test(words))?.[1] ?? null;

const isGateway = (status: number): boolean => status >= 502 && status <= 504;

/** What an engine said, and with which status of HTTP. */
export interface Refusal {
  readonly status: number;
  readonly words: string;
}

/** Makes an error of a host that names the host. */
export function faultOf(host: string, code: ErrorCode, sentence: string, cause?: unknown): SlipwayError {
  return new SlipwayError(code, `Host ${host}: ${sentence}`, { cause, extra: { host } });
}

function refused(host: string, code: ErrorCode, what: string, { status, words }: Refusal): SlipwayError {
  const kept = words.slice(0, MAX_WORDS);
  return faultOf(host, code, `${what} (HTTP status ${status}): ${kept}`, kept);
}

/** The error of any answer with an error status that no function below knows better. */
export function hostFault(host: string, refusal: Refusal): SlipwayError {
  const code = isGateway(refusal.status) ? 'host-unreachable' : (look(hostTroubles, refusal.words) ?? 'engine-error');
  return refused(host, code, 'the engine refused', refusal);
}

/** The error of a container that cannot be created. */
export function createFault(host: string, refusal: Refusal): SlipwayError {
  const { status, words } = refusal;
  const known = look([...mountTroubles, ...hostTroubles], words);
  if (known !== null) return refused(host, known, 'the container could not be created', refusal);
  if (status === 404) return refused(host, 'image-pull-failed', 'the image is not there any more', refusal);
  if (status === 400) return refused(host, 'container-start-failed', 'the engine refuses the container', refusal);
  return hostFault(host, refusal);
}

/** The error of a container that does not start. */
export function startFault(host: string, refusal: Refusal): SlipwayError {
  if (isGateway(refusal.status)) return hostFault(host, refusal);
  const known = look([...portTroubles, ...mountTroubles, ...hostTroubles], refusal.words);
  return refused(host, known ?? 'container-start-failed', 'the container did not start', refusal);
}

/** The error of a pull. The status is 200 if the fault is a line of the engine's progress. */
export function pullFault(host: string, reference: string, refusal: Refusal): SlipwayError {
  if (isGateway(refusal.status)) return hostFault(host, refusal);
  const code = look([...hostTroubles, ...pullRefusals], refusal.words) ?? 'image-pull-failed';
  return refused(host, code, `${reference} could not be pulled`, refusal);
}

/**
 * An error of the connection as one of the host: `host-unreachable` with the reason instead of `engine-unavailable`. `way` is what the way
 * to the host says, which may be the better reason.
 */
export function asHostFault(host: string, error: unknown, way: string | null = null): unknown {
  if (!(error instanceof SlipwayError)) return error;
  if (error.code === 'engine-unavailable')
    return faultOf(host, 'host-unreachable', way === null ? error.message : `${error.message} (${way})`, error);
  return error.code === 'engine-error' && !('host' in error.extra)
    ? faultOf(host, 'engine-error', error.message, error)
    : error;
}
