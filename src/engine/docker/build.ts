import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { SlipwayError } from '../../errors.js';
import { isSha256Digest } from '../../image-reference.js';
import type { Log } from '../../log.js';
import { errorMessage, isObject, jsonLines, reportedError, textOf, type JsonObject } from '../../docker/answer.js';
import type { Connection, EngineAnswer } from '../../docker/connection.js';
import type { BuildEvent, Builder, BuildRequest, Credentials } from '../contract.js';
import { bounded } from '../messages/fault-words.js';
import { buildFault, engineFault, imageOfStep } from '../messages/faults.js';
import type { Mask } from '../../mask.js';
import { maskOf } from '../messages/mask.js';
import { authCredentials } from '../session/auth.js';
import { healthCheck } from '../session/health.js';
import { fileSync } from '../context/file-sync.js';
import { withOddName } from '../context/odd-names.js';
import type { KnownRegistries } from '../messages/known-registries.js';
import type { SessionMethod } from '../session/method.js';
import { buildSecrets } from '../session/secrets.js';
import { openSession, type OpenSession } from '../session/session.js';
import { readStatus } from '../messages/status.js';
import { createSteps, type Steps } from '../messages/steps.js';
import { tarOf } from '../context/upload.js';

/** How long an aborted build waits for the engine to confirm. */
const CANCEL_TIMEOUT_MS = 2_000;

export interface BuilderDeps {
  readonly connection: Connection;
  readonly credentials: Credentials | null;
  readonly known: KnownRegistries;
  /** How the context is sent. `sync` falls back to an archive. */
  readonly transport: 'sync' | 'archive';
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Builds with BuildKit (`version=2`, `POST /build` of the Engine API). The context is synced over our own session, or sent as a tar archive
 * if the engine or a proxy supports no sessions. See `Builder`.
 */
export function createBuilder(deps: BuilderDeps): Builder {
  return {
    async build(request, onEvent, signal) {
      signal.throwIfAborted();
      const broken = breakable();
      const session = await open(deps, request, broken, signal);
      try {
        return await run(deps, { request, session, broken }, onEvent, signal);
      } finally {
        session?.close();
      }
    },
  };
}

/** The build's session. Null if the engine supports none and the build can do without. */
async function open(
  { connection, credentials, transport, log }: BuilderDeps,
  request: BuildRequest,
  broken: Breakable,
  signal: AbortSignal,
): Promise<Session | null> {
  const { buildId, context, dockerfile, secrets } = request;
  const syncs = transport === 'sync';
  const methods: SessionMethod[] = [healthCheck, authCredentials(credentials), buildSecrets(secrets)];
  if (syncs) methods.push(fileSync({ context, dockerfile, onFailure: broken.fail, onOddName: broken.noteOddName }));
  const session = await openSession(connection, keyOf(request), methods, log.child({ build: buildId }), signal);
  if (session !== null) return { ...session, syncs };
  // Only a session can carry secrets.
  if (!syncs || Object.keys(secrets).length > 0)
    throw new SlipwayError(
      'engine-error',
      'The engine opens no build session; Slipway needs Docker Engine 20.10 or newer with BuildKit.',
    );
  log.warn({ build: buildId }, 'could not open a session; uploading the context');
  return null;
}

interface Session extends OpenSession {
  /** True if the context is sent over it. */
  readonly syncs: boolean;
}

/** A promise that only rejects, with failures on our side of a build, and the names that an engine may refuse. */
interface Breakable {
  readonly promise: Promise<never>;
  readonly fail: (error: unknown) => void;
  readonly oddNames: readonly string[];
  readonly noteOddName: (path: string) => void;
}

function breakable(): Breakable {
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, reject) => (fail = reject));
  promise.catch(() => undefined);
  const oddNames: string[] = [];
  return { promise, fail, oddNames, noteOddName: (path) => void oddNames.push(path) };
}

/** Makes any text fit for a header. */
function keyOf(request: BuildRequest): string {
  return createHash('sha256').update(request.context.key).digest('hex');
}

interface Run {
  readonly request: BuildRequest;
  readonly session: Session | null;
  readonly broken: Breakable;
}

/** Runs one build on an open session. When it ends, the upload and the engine's work end too. */
async function run(
  deps: BuilderDeps,
  { request, session, broken }: Run,
  onEvent: (event: BuildEvent) => void,
  signal: AbortSignal,
): Promise<{ imageId: string }> {
  const engineId = randomUUID();
  const upload = session?.syncs ? null : tarOf(request.context);
  upload?.once('error', broken.fail);
  const hangUp = new AbortController();
  const aborted = whenAborted(signal);
  const building = (async () => {
    const answer = await deps.connection.send({
      method: 'POST',
      path: '/build',
      query: queryOf(request, session, engineId),
      ...(upload === null ? {} : { headers: { 'Content-Type': 'application/x-tar' }, body: upload }),
      signal: hangUp.signal,
    });
    return follow(answer, onEvent, maskOf(request.secrets), deps.known);
  })();
  building.catch(() => undefined);
  try {
    return await Promise.race([building, broken.promise, aborted.promise]);
  } catch (error) {
    if (signal.aborted) await cancel(deps, engineId);
    throw withOddName(error, broken.oddNames);
  } finally {
    aborted.forget();
    hangUp.abort();
    upload?.destroy();
  }
}

function queryOf(request: BuildRequest, session: Session | null, buildid: string): Record<string, string> {
  return {
    version: '2',
    ...(session === null ? {} : { session: session.id }),
    ...(session?.syncs ? { remote: 'client-session' } : {}),
    buildid,
    dockerfile: request.dockerfile,
    t: request.tag,
    rm: '1',
    // The image records which steps its layers came from, so that other engines can use it as a cache.
    buildargs: JSON.stringify({ BUILDKIT_INLINE_CACHE: '1', ...request.buildArgs }),
    ...(request.cacheFrom === null ? {} : { cachefrom: JSON.stringify([request.cacheFrom]) }),
    labels: JSON.stringify(request.labels),
    ...(request.target === null ? {} : { target: request.target }),
    ...(request.noCache ? { nocache: '1' } : {}),
  };
}

/** Reads the engine's output of a build to its end. Without an image's id it is not a success. */
async function follow(
  answer: EngineAnswer,
  onEvent: (event: BuildEvent) => void,
  mask: Mask,
  known: KnownRegistries,
): Promise<{ imageId: string }> {
  if (answer.status !== 200) throw engineFault(await errorMessage(answer), answer.status);
  const steps = createSteps((event) => {
    const image = event.kind === 'step-finished' && event.error === null ? imageOfStep(event.step) : null;
    if (image !== null) known.learn(image);
    onEvent(event);
  }, mask);
  let imageId: string | null = null;
  for await (const line of jsonLines(answer.body)) {
    const error = reportedError(line);
    if (error !== null) {
      const words = bounded(mask(error));
      throw buildFault(words, steps.failed(words), known);
    }
    imageId = takeLine(line, steps) ?? imageId;
  }
  if (imageId !== null) return { imageId };
  throw new SlipwayError('engine-unavailable', 'The engine ended its output of the build without naming an image.');
}

/** The finished image's id, if the line names it. */
function takeLine(line: JsonObject, steps: Steps): string | null {
  const id = textOf(line, 'id');
  const aux = line['aux'];
  if (id === 'moby.buildkit.trace' && typeof aux === 'string') steps.take(readStatus(Buffer.from(aux, 'base64')));
  return id === 'moby.image.id' && isObject(aux) ? imageIdIn(aux) : null;
}

function imageIdIn(aux: JsonObject): string {
  const imageId = textOf(aux, 'ID');
  if (isSha256Digest(imageId)) return imageId;
  throw new SlipwayError('engine-error', `The engine named an image id that is not one: ${imageId.slice(0, 200)}`);
}

/** Asks the engine to stop. The dropped connection says the same. */
async function cancel({ connection, clock, log }: BuilderDeps, engineId: string): Promise<void> {
  const enough = new AbortController();
  const asking = connection
    .send({ method: 'POST', path: '/build/cancel', query: { id: engineId }, signal: enough.signal })
    .then(
      ({ body }) => void body.resume(),
      (error: unknown) => log.debug({ err: error }, 'could not ask the engine to cancel a build'),
    );
  await Promise.race([asking, clock.sleep(CANCEL_TIMEOUT_MS, enough.signal)]);
  enough.abort();
}

function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let onAbort = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  promise.catch(() => undefined);
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
}
