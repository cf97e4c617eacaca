import { jsonLines, memberOf, reportedError, textOf, textsOf, type JsonObject } from '../../docker/answer.js';
import { inPath, type EngineRequest } from '../../docker/connection.js';
import { doubtingRefusals } from '../../docker/doubted-refusal.js';
import { registryAuth } from '../../docker/registry-auth.js';
import { SlipwayError } from '../../errors.js';
import { isSha256Digest, parseReference, type ImageReference } from '../../image-reference.js';
import type { HostImages, PullCredentials } from '../contract.js';
import { faultOf, hostFault, pullFault } from '../messages/faults.js';
import { wordsOf } from '../specification/image-settings.js';
import type { Calls } from './calls.js';

const LOCAL_TIMEOUT_MS = 60_000;
/** The engine asks the registry before it answers. */
const PULL_START_TIMEOUT_MS = 120_000;
/** A pull says something while it downloads and unpacks. */
const PULL_SILENCE_MS = 300_000;

/** The images of an engine over its API. See `HostImages`. */
export function createHostImages(calls: Calls): HostImages {
  const { host } = calls;
  return {
    async pull(reference, credentials, signal) {
      const { name, digest, host: registry } = requireReference(reference);
      if (digest === null) throw new SlipwayError('internal', `“${reference}” has no digest to pull.`);
      const request = {
        method: 'POST',
        path: '/images/create',
        query: { fromImage: name, tag: digest },
        headers: registryAuth(credentials && revealed(credentials), registry),
      } as const;
      await doubtingRefusals(calls.clock, signal, () => pullOnce(calls, reference, request, signal));
    },
    async tag(reference, name) {
      requireReference(reference);
      const { name: repo, tag } = requireReference(name);
      const query = { repo, tag: tag ?? 'latest' };
      const answer = await calls.ask(
        { method: 'POST', path: `/images/${inPath(reference)}/tag`, query },
        LOCAL_TIMEOUT_MS,
      );
      if (answer.status === 404) throw faultOf(host, 'image-pull-failed', `the image ${reference} is not there`);
      if (answer.status >= 400) throw hostFault(host, answer);
    },
    async find(reference) {
      if (!isSha256Digest(reference) && parseReference(reference) === null) return null;
      const answer = await calls.ask({ method: 'GET', path: `/images/${inPath(reference)}/json` }, LOCAL_TIMEOUT_MS);
      if (answer.status === 404) return null;
      if (answer.status >= 400) throw hostFault(host, answer);
      const config = memberOf(answer.object, 'Config');
      return {
        id: textOf(answer.object, 'Id'),
        digests: textsOf(answer.object['RepoDigests']),
        volumes: Object.keys(memberOf(config, 'Volumes')).sort(),
        entrypoint: wordsOf(config['Entrypoint']),
      };
    },
    async remove(name) {
      requireReference(name);
      const answer = await calls.ask({ method: 'DELETE', path: `/images/${inPath(name)}` }, LOCAL_TIMEOUT_MS);
      if (answer.status === 409) return false;
      if (answer.status >= 400 && answer.status !== 404) throw hostFault(host, answer);
      return true;
    },
  };
}

async function pullOnce(calls: Calls, reference: string, request: EngineRequest, signal: AbortSignal): Promise<void> {
  const answer = await calls.open(request, PULL_START_TIMEOUT_MS, signal);
  try {
    if (answer.status >= 400) throw pullFault(calls.host, reference, await calls.refusal(answer));
    await followPull(calls, reference, jsonLines(answer.body));
  } catch (error) {
    throw signal.aborted ? signal.reason : calls.fault(error);
  } finally {
    answer.body.destroy();
  }
}

const revealed = ({ host, username, password }: PullCredentials) => ({ host, username, password: password.reveal() });

/** For names that Slipway made itself. */
function requireReference(text: string): ImageReference {
  const parsed = parseReference(text);
  if (parsed === null) throw new SlipwayError('internal', `“${text}” is not a valid image reference.`);
  return parsed;
}

/** Reads the engine's output of a pull to its end. A fault is one of its lines, behind a status of 200. */
async function followPull(calls: Calls, reference: string, lines: AsyncGenerator<JsonObject>): Promise<void> {
  for (;;) {
    const line = await nextWithin(calls, lines, PULL_SILENCE_MS);
    if (line === null) return;
    const words = reportedError(line);
    if (words !== null) throw pullFault(calls.host, reference, { status: 200, words });
  }
}

/** The next line. Null at the end. Fails with `image-pull-failed` if nothing comes within `ms` milliseconds. */
async function nextWithin(
  { clock, host }: Calls,
  lines: AsyncGenerator<JsonObject>,
  ms: number,
): Promise<JsonObject | null> {
  const done = new AbortController();
  const next = lines.next();
  next.catch(() => undefined);
  try {
    const result = await Promise.race([next, clock.sleep(ms, done.signal).then(() => null)]);
    if (result === null)
      throw faultOf(host, 'image-pull-failed', `the engine said nothing about the pull for ${ms / 1000} seconds`);
    return result.done === true ? null : result.value;
  } finally {
    done.abort();
  }
}
