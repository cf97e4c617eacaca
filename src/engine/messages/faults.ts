import { SlipwayError, type ErrorCode } from '../../errors.js';
import { bounded, exitCodeIn, hasLineWith, missingFileIn, withoutCommand, withoutFolders } from './fault-words.js';
import { createKnownRegistries, isOutage, type KnownRegistries } from './known-registries.js';
import type { FailedStep } from './steps.js';

/**
 * The one place that reads the engine's messages. BuildKit and the registries behind it report a failure only as text, worded differently
 * by release. The patterns for Docker Engine 20.10 and 28 were seen on one. Those for others come from their sources and are not verified, so
 * unknown wording ends as `engine-error` or as a failed step. All other code works with error codes.
 */

const parseError = /dockerfile parse error(?: on)? line (\d{1,9}): ([\s\S]*)$/;
/** A secret that a step mounts with `required`; newer engines leave the first "not found" out. */
const missingSecret = /(?:^|: )secret ([\w.-]+)(?: not found)?: not found$/;

/** What the step that takes the context says of a name, from Docker Engine 23 on. It does not say which name. */
const oddName = /failed to unmarshal the received message: string field contains invalid UTF-8/;
const contextStep = /^\[internal\] load build context/;

/** Steps by which BuildKit gets a base image (or a `# syntax` frontend); what they name is the image. */
const imageStep =
  /^(?:\[internal\] load metadata for |resolve image config for (?:docker-image:\/\/)?|(?:\[[^\]]*\] )?FROM )(\S+)/;

/** The image that a step gets from a registry. Null for any other step. */
export const imageOfStep = (step: string): string | null => imageStep.exec(step)?.[1] ?? null;

type Table = readonly (readonly [RegExp, ErrorCode])[];

/** The engine's own troubles, whatever it was doing. */
const engineTroubles: Table = [
  [/no space left on device|disk quota exceeded|input\/output error/i, 'engine-error'],
  [/failed to create endpoint|could not find bridge|failed to mount/i, 'engine-error'],
  // Its own answer to too much at once.
  [/flightcontrol: exceeded retry timeout/, 'engine-error'],
  // Nobody on our side has cancelled, so the engine is stopping.
  [/context canceled|transport is closing|code = Unavailable|no active session/i, 'engine-unavailable'],
];

/** Somebody removed a finished image before it was pushed. */
const imageTroubles: Table = [[/does not exist locally|no such image|tag does not exist/i, 'engine-error']];

/**
 * A registry's answer, or its silence, when an image is pulled or pushed. Unauthorized comes before the network, because the texts contain
 * addresses. Names of codes: API v2 spec, "Errors"; the engine writes them in lower case with blanks.
 */
const registryTroubles: Table = [
  [
    /401 Unauthorized|no basic auth credentials|(?:^|\n)unauthorized: |unauthorized: (?:authentication|incorrect)/i,
    'registry-unauthorized',
  ],
  [/authentication required|incorrect username or password/i, 'registry-unauthorized'],
  [
    /connection refused|connection reset|broken pipe|i\/o timeout|TLS handshake timeout|context deadline exceeded|\bEOF$/i,
    'registry-unavailable',
  ],
  [/network is unreachable|no route to host|server misbehaving|Client\.Timeout/i, 'registry-unavailable'],
  [/temporary failure in name resolution|x509: |tls: /i, 'registry-unavailable'],
  [/(?:^|\s)(?:408|425|429|5\d\d)(?: [A-Z]|\s*$)|toomanyrequests|(?:^|\n)unavailable: /, 'registry-unavailable'],
  [/error parsing HTTP (?:408|425|429|5\d\d) /, 'registry-unavailable'],
  // A layer that came broken.
  [
    /unexpected commit (?:digest|size)|failed size validation|short read: |(?:layer|image) verification failed for digest/,
    'registry-unavailable',
  ],
  // It also says so where the token server did not answer.
  [/failed to authorize/i, 'registry-unauthorized'],
];

/** Refusals of a push that no waiting heals: any 4xx but those above, as the registry's code, as a status, or in a registry's own words. */
const refusals =
  /(?:^|\n)(?:denied|name unknown|name invalid|tag invalid|manifest invalid|manifest unverified|unsupported)\b|access to the resource is denied|\bimmutable\b|cannot be overwritten|\bquota\b|exceed the configured upper limit|(?:^|\s)4\d\d(?: [A-Z]|\s*$)|error parsing HTTP 4\d\d /i;
/** What a registry says of an upload that did not reach it whole, or of one whose parts it has lost since. */
const brokenUpload =
  /(?:^|\n)(?:digest invalid|size invalid|range invalid|blob unknown|manifest blob unknown|blob upload unknown|blob upload invalid)\b/;
const noSuchHost = /no such host/i;

/** The frontend's complaints about a Dockerfile; 20.10 has one prefix for all, newer engines say them bare. */
const dockerfileTroubles =
  /failed to create LLB definition|failed to read dockerfile|file with no instructions|no build stage in current context|circular dependency|failed to parse stage name|must have two arguments|invalid reference format|invalid chmod parameter|failed to parse platform|failed to process arguments for platform/;

/** The same, where a name stands in the middle. */
const dockerfilePhrases = [
  ['target stage ', ' could not be found'],
  ['base name ', ' should not be blank'],
  ['the Dockerfile ', ' cannot be empty'],
] as const;

const prefixes =
  /^(?:failed to solve(?: with frontend [^:]+)?: |failed to create LLB definition: |failed to compute cache key: |failed to load cache key: )+/;

/** The error of a build. `words` is the engine's final message, `step` the step that failed, `known` the registries that surely exist. */
export function buildFault(
  words: string,
  step: FailedStep | null,
  known: Pick<KnownRegistries, 'has'> = createKnownRegistries([]),
): SlipwayError {
  const message = bounded(words);
  const cause = message;
  const detail = step === null ? { cause } : { cause, step: step.name };
  // Searched first and at the end, because the text quotes the command, which may say anything.
  const exitCode = exitCodeIn(message);
  if (exitCode !== null) return stepFault(`failed with exit code ${exitCode}`, step, detail);
  const parse = parseError.exec(message);
  if (parse !== null) {
    const line = Number(parse[1]);
    return new SlipwayError('dockerfile-invalid', `The Dockerfile is wrong in line ${line}: ${parse[2]}`, {
      cause,
      extra: { line },
    });
  }
  const reason = withoutCommand(message.replace(prefixes, ''));
  const trouble = look([...engineTroubles, ...imageTroubles], reason);
  if (trouble !== null) return new SlipwayError(trouble, `The engine broke the build off: ${reason}`, detail);
  const image = step === null ? null : imageOfStep(step.name);
  if (image !== null) return imageFault(image, reason, detail, known);
  const file = missingFileIn(message);
  if (file !== null) return stepFault(`needs ${file}, which does not exist where it is copied from`, step, detail);
  const secret = missingSecret.exec(reason)?.[1];
  if (secret !== undefined)
    return stepFault(`needs the secret "${secret}", which the service does not set`, step, detail);
  if (step !== null && contextStep.test(step.name) && oddName.test(reason)) {
    return new SlipwayError(
      'name-not-utf8',
      'A name in the context is not UTF-8, and the engine does not take it.',
      detail,
    );
  }
  if (step !== null) return stepFault(`failed: ${reason}`, step, detail);
  if (isDockerfileTrouble(message)) {
    return new SlipwayError('dockerfile-invalid', `The Dockerfile cannot be built: ${withoutFolders(reason)}`, detail);
  }
  return new SlipwayError('engine-error', `The engine could not build: ${reason}`, detail);
}

const isDockerfileTrouble = (message: string): boolean =>
  dockerfileTroubles.test(message) || dockerfilePhrases.some(([first, second]) => hasLineWith(message, first, second));

/** The error of an unavailable base image. */
export function imageFault(
  image: string,
  message: string,
  detail: { cause?: unknown; step?: string } = {},
  known: Pick<KnownRegistries, 'has'> = createKnownRegistries([]),
): SlipwayError {
  const words = bounded(message);
  const code = noSuchHost.test(words)
    ? isOutage(image, words, known)
      ? 'registry-unavailable'
      : 'base-image-not-found'
    : (look(registryTroubles, words) ?? 'base-image-not-found');
  const said: Partial<Record<ErrorCode, string>> = {
    'registry-unauthorized': `The registry refuses to hand out the base image ${image}`,
    'registry-unavailable': `The registry of the base image ${image} does not answer`,
  };
  const sentence = said[code] ?? `The base image ${image} does not exist or may not be pulled`;
  return new SlipwayError(code, `${sentence}: ${words}`, detail);
}

/** The error of a pull from our own registry. Its name always resolves, so otherwise the network is at fault. */
export function pullFault(image: string, message: string, status = 200): SlipwayError {
  const words = bounded(message);
  if (isGateway(status)) return engineFault(words, status);
  const engine = look(engineTroubles, words);
  if (engine !== null)
    return new SlipwayError(engine, `The engine could not pull ${image}: ${words}`, { cause: words });
  return imageFault(image, words, {}, { has: () => true });
}

/** The error of a push. */
export function pushFault(name: string, message: string): SlipwayError {
  const words = bounded(message);
  const engine = look([...engineTroubles, ...imageTroubles], words);
  if (engine !== null) return new SlipwayError(engine, `The engine could not push ${name}: ${words}`, { cause: words });
  const code = noSuchHost.test(words) ? 'registry-unavailable' : look(registryTroubles, words);
  if (code !== null) return new SlipwayError(code, `${name} could not be pushed: ${words}`, { cause: words });
  const isFinal = refusals.test(words) && !brokenUpload.test(words);
  const said = isFinal ? 'The registry refuses' : 'The registry did not take';
  return new SlipwayError(isFinal ? 'registry-refused' : 'registry-error', `${said} ${name}: ${words}`, {
    cause: words,
  });
}

const isGateway = (status: number): boolean => status >= 502 && status <= 504;

/** The error of any other answer with an error status. A gateway may report that the engine is away. */
export function engineFault(message: string, status: number): SlipwayError {
  const words = bounded(message);
  const code = isGateway(status) ? 'engine-unavailable' : 'engine-error';
  return new SlipwayError(code, `The engine refused (HTTP status ${status}): ${words}`, { cause: words });
}

function stepFault(what: string, step: FailedStep | null, detail: object): SlipwayError {
  const name = step === null ? 'A step' : `The step "${step.name}"`;
  const lines = step === null || step.lastLines.length === 0 ? '' : `\n${step.lastLines.join('\n')}`;
  return new SlipwayError('dockerfile-step-failed', `${name} ${what}.${lines}`, detail);
}

function look(table: Table, words: string): ErrorCode | null {
  return table.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}
