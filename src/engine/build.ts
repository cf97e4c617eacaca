import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { Log } from '../log.js';
import { errorMessage, isObject, jsonLines, reportedError, textOf, type JsonObject } from './answer.js';
import type { Connection, EngineAnswer } from './connection.js';
import type { BuildEvent, Builder, BuildRequest, Credentials } from './contract.js';
import { buildFault, engineFault } from './faults.js';
import { authCredentials } from './session/auth.js';
import { healthCheck } from './session/health.js';
import { openSession } from './session/session.js';
import { readStatus } from './status.js';
import { createSteps, type Steps } from './steps.js';
import { tarOf } from './upload.js';

/** How long an aborted build waits for the engine to say that it has stopped. */
const cancelPatience = 2_000;

export interface BuilderDeps {
  readonly connection: Connection;
  readonly credentials: Credentials | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Builds with BuildKit (`version=2`, `POST /build` of the Engine API); the context travels as a tar archive. See `Builder`. */
export function createBuilder(deps: BuilderDeps): Builder {
  return {
    async build(request, onEvent, signal) {
      signal.throwIfAborted();
      const { connection, credentials, log } = deps;
      const methods = [healthCheck, authCredentials(credentials)];
      const session = await openSession(connection, keyOf(request), methods, log.child({ build: request.buildId }));
      try {
        return await run(deps, request, session.id, onEvent, signal);
      } finally {
        session.close();
      }
    },
  };
}

/** Any text, made fit for a header. */
function keyOf(request: BuildRequest): string {
  return createHash('sha256').update(request.context.key).digest('hex');
}

/** One build on an open session. However it ends, nothing of it goes on: not the upload, not the engine's work. */
async function run(
  deps: BuilderDeps,
  request: BuildRequest,
  sessionId: string,
  onEvent: (event: BuildEvent) => void,
  signal: AbortSignal,
): Promise<{ imageId: string }> {
  const engineId = randomUUID();
  const upload = tarOf(request.context);
  const uploadFailed = new Promise<never>((_, reject) => upload.once('error', reject));
  uploadFailed.catch(() => undefined);
  const hangUp = new AbortController();
  const aborted = whenAborted(signal);
  const building = (async () => {
    const answer = await deps.connection.send({
      method: 'POST',
      path: '/build',
      query: queryOf(request, sessionId, engineId),
      headers: { 'Content-Type': 'application/x-tar' },
      body: upload,
      signal: hangUp.signal,
    });
    return follow(answer, onEvent);
  })();
  building.catch(() => undefined);
  try {
    return await Promise.race([building, uploadFailed, aborted.promise]);
  } catch (error) {
    if (signal.aborted) await cancel(deps, engineId);
    throw error;
  } finally {
    aborted.forget();
    hangUp.abort();
    upload.destroy();
  }
}

function queryOf(request: BuildRequest, session: string, buildid: string): Record<string, string> {
  return {
    version: '2',
    session,
    buildid,
    dockerfile: request.dockerfile,
    t: request.tag,
    rm: '1',
    buildargs: JSON.stringify(request.buildArgs),
    labels: JSON.stringify(request.labels),
    ...(request.target === null ? {} : { target: request.target }),
    ...(request.noCache ? { nocache: '1' } : {}),
  };
}

/** Reads the engine's account of a build to its end. An account without an image's id is not a success, however it ended. */
async function follow(answer: EngineAnswer, onEvent: (event: BuildEvent) => void): Promise<{ imageId: string }> {
  if (answer.status !== 200) throw engineFault(await errorMessage(answer), answer.status);
  const steps = createSteps(onEvent);
  let imageId: string | null = null;
  for await (const line of jsonLines(answer.body)) {
    const error = reportedError(line);
    if (error !== null) throw buildFault(error, steps.failed(error));
    imageId = takeLine(line, steps) ?? imageId;
  }
  if (imageId !== null) return { imageId };
  throw new SlipwayError('engine-unavailable', 'The engine ended its account of the build without naming an image.');
}

/** The finished image's id where the line names it. */
function takeLine(line: JsonObject, steps: Steps): string | null {
  const id = textOf(line, 'id');
  const aux = line['aux'];
  if (id === 'moby.buildkit.trace' && typeof aux === 'string') steps.take(readStatus(Buffer.from(aux, 'base64')));
  if (id === 'moby.image.id' && isObject(aux)) return textOf(aux, 'ID') || null;
  return null;
}

/** Asks the engine to stop; the dropped connection says the same, should it not hear this. */
async function cancel({ connection, clock, log }: BuilderDeps, engineId: string): Promise<void> {
  const enough = new AbortController();
  const asking = connection
    .send({ method: 'POST', path: '/build/cancel', query: { id: engineId }, signal: enough.signal })
    .then(
      ({ body }) => void body.resume(),
      (error: unknown) => log.debug({ err: error }, 'The engine could not be asked to cancel a build.'),
    );
  await Promise.race([asking, clock.sleep(cancelPatience, enough.signal)]);
  enough.abort();
}

function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let onAbort = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  promise.catch(() => undefined);
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
}
