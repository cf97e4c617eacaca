import { SlipwayError, type ErrorCode } from '../../errors.js';
import { bounded, exitCodeIn, hasLineWith, missingFileIn, withoutCommand, withoutFolders } from './fault-words.js';
import type { FailedStep } from './steps.js';

/**
 * The one place that reads the engine's messages. BuildKit and the registries behind it report a failure only as text, worded differently
 * by release. The patterns for Docker Engine 20.10 were seen on one. Those for newer engines come from their sources and are not verified,
 * so unknown wording ends as `engine-error` or as a failed step. All other code works with error codes.
 */

const parseError = /dockerfile parse error(?: on)? line (\d{1,9}): ([\s\S]*)$/;
/** A secret that a step mounts with `required`; newer engines leave the first "not found" out. */
const missingSecret = /(?:^|: )secret ([\w.-]+)(?: not found)?: not found$/;

/** Steps by which BuildKit gets a base image (or a `# syntax` frontend); what they name is the image. */
const imageStep =
  /^(?:\[internal\] load metadata for |resolve image config for (?:docker-image:\/\/)?|(?:\[[^\]]*\] )?FROM )(\S+)/;

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
 * addresses.
 */
const registryTroubles: Table = [
  [
    /401 Unauthorized|no basic auth credentials|unauthorized: (?:authentication|incorrect)|failed to authorize/i,
    'registry-unauthorized',
  ],
  [/authentication required|incorrect username or password/i, 'registry-unauthorized'],
  [/no such host/i, 'base-image-not-found'],
  [
    /connection refused|connection reset|i\/o timeout|TLS handshake timeout|context deadline exceeded|: EOF$/i,
    'registry-unavailable',
  ],
  [/network is unreachable|no route to host|server misbehaving|Client\.Timeout/i, 'registry-unavailable'],
  [/\b50[0234] [A-Z]|\b429 |toomanyrequests/, 'registry-unavailable'],
];

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

/** The error of a build. `words` is the engine's final message, `step` the step that failed. */
export function buildFault(words: string, step: FailedStep | null): SlipwayError {
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
  const image = step === null ? undefined : imageStep.exec(step.name)?.[1];
  if (image !== undefined) return imageFault(image, reason, detail);
  const file = missingFileIn(message);
  if (file !== null) return stepFault(`needs ${file}, which does not exist where it is copied from`, step, detail);
  const secret = missingSecret.exec(reason)?.[1];
  if (secret !== undefined)
    return stepFault(`needs the secret "${secret}", which the service does not set`, step, detail);
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
): SlipwayError {
  const words = bounded(message);
  const code = look(registryTroubles, words) ?? 'base-image-not-found';
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
  if (/no such host/i.test(words))
    return new SlipwayError('registry-unavailable', `The registry of ${image} is not found: ${words}`, {
      cause: words,
    });
  return imageFault(image, words);
}

/** The error of a push. */
export function pushFault(name: string, message: string): SlipwayError {
  const words = bounded(message);
  const engine = look([...engineTroubles, ...imageTroubles], words);
  if (engine !== null) return new SlipwayError(engine, `The engine could not push ${name}: ${words}`, { cause: words });
  const code = /no such host/i.test(words) ? 'registry-unavailable' : look(registryTroubles, words);
  if (code !== null) return new SlipwayError(code, `${name} could not be pushed: ${words}`, { cause: words });
  if (/^denied|access to the resource is denied|403 Forbidden/.test(words)) {
    return new SlipwayError('registry-unauthorized', `${name} may not be pushed: ${words}`, { cause: words });
  }
  return new SlipwayError('registry-error', `The registry refused ${name}: ${words}`, { cause: words });
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
