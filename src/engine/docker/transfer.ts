import { SlipwayError } from '../../errors.js';
import { errorMessage, isObject, jsonLines, reportedError, textOf } from '../../docker/answer.js';
import type { Connection, EngineAnswer } from '../../docker/connection.js';
import { doubtingRefusals } from '../../docker/doubted-refusal.js';
import { registryAuth } from '../../docker/registry-auth.js';
import type { Clock } from '../../clock.js';
import type { Credentials } from '../contract.js';
import { pullFault, pushFault } from '../messages/faults.js';

/** States of a layer worth a line; the others are ticks of a progress bar. */
const layerNews = /^(?:Pushed|Layer already exists|Mounted from .*|Retrying in .*)$/;

/** Progress lines passed on. An image has at most 127 layers. */
const MAX_NEWS_LINES = 1000;
/** Characters of each line. */
const MAX_NEWS_CHARACTERS = 1000;

export interface TransferDeps {
  readonly connection: Connection;
  readonly credentials: Credentials | null;
  readonly clock: Clock;
}

/** What an engine is asked for that moves an image between it and a registry, `host[:port]`. */
export interface TransferRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly registry: string;
}

/** Makes a pull or push; `follow` reads its output. Rejects with the signal's reason once that has aborted. */
export type Transfer = (
  request: TransferRequest,
  signal: AbortSignal,
  follow: (answer: EngineAnswer) => Promise<void>,
) => Promise<void>;

/** Makes pulls and pushes. One that the registry seems to refuse is made again. */
export function createTransfer({ connection, credentials, clock }: TransferDeps): Transfer {
  return ({ registry, ...what }, signal, follow) => {
    const request = { ...what, method: 'POST', headers: registryAuth(credentials, registry), signal } as const;
    return doubtingRefusals(clock, signal, async () => unlessAborted(signal, follow(await connection.send(request))));
  };
}

/** An abort by the caller is not an engine failure. */
async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/**
 * Reads the engine's output of a push and passes on each line once. A push succeeds when the engine reports the digest, not when its output
 * ends.
 */
export async function followPush(name: string, answer: EngineAnswer, onLine: (line: string) => void): Promise<void> {
  if (answer.status !== 200) throw pushFault(name, await errorMessage(answer));
  let done = false;
  const said = new Set<string>();
  for await (const line of jsonLines(answer.body)) {
    const error = reportedError(line);
    if (error !== null) throw pushFault(name, error);
    const [id, status, aux] = [textOf(line, 'id'), textOf(line, 'status'), line['aux']];
    done ||= /digest: sha256:/.test(status) || (isObject(aux) && textOf(aux, 'Digest') !== '');
    const text = (id === '' ? status : `${id}: ${status}`).slice(0, MAX_NEWS_CHARACTERS);
    if (status === '' || said.has(text) || (id !== '' && !layerNews.test(status)) || said.size >= MAX_NEWS_LINES)
      continue;
    said.add(text);
    onLine(text);
  }
  if (!done) throw new SlipwayError('engine-unavailable', `The engine stopped pushing ${name} before it was done.`);
}

/** Reads the engine's output of a pull. */
export async function followPull(reference: string, answer: EngineAnswer): Promise<void> {
  if (answer.status !== 200) throw pullFault(reference, await errorMessage(answer), answer.status);
  for await (const line of jsonLines(answer.body)) {
    const error = reportedError(line);
    if (error !== null) throw pullFault(reference, error);
  }
}
