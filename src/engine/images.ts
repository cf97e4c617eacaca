import { isObject, textOf, type JsonObject } from './answer.js';
import type { Ask, ShortAnswer } from './ask.js';
import type { Connection } from './connection.js';
import type { BaseImage, Credentials, EngineImages } from './contract.js';
import { engineFault } from './faults.js';
import { parseReference } from './reference.js';
import { registryAuth } from './registry-auth.js';
import { followPull, followPush } from './transfer.js';

/** Questions that the engine answers from its own knowledge. */
const soon = 60_000;
/** A question that it passes on to a registry. */
const quickly = 5_000;

export interface ImagesDeps {
  readonly connection: Connection;
  readonly ask: Ask;
  readonly credentials: Credentials | null;
}

/** The engine's images over its API (https://docs.docker.com/reference/api/engine/). See `EngineImages`. */
export function createImages({ connection, ask, credentials }: ImagesDeps): EngineImages {
  const inspect = (nameOrId: string): Promise<ShortAnswer> =>
    ask({ method: 'GET', path: `/images/${inPath(nameOrId)}/json` }, soon);
  const authFor = (reference: string) => registryAuth(credentials, parseReference(reference).host);
  return {
    async find(nameOrId) {
      const { status, object } = await inspect(nameOrId);
      return status === 200 ? textOf(object, 'Id') : null;
    },
    async resolveBase(reference) {
      const local = await inspect(reference);
      if (local.status === 200) return baseImage(local.object);
      const known = parseReference(reference).digest;
      if (known !== null) return { digest: known, onbuild: null, env: null };
      const path = `/distribution/${inPath(reference)}/json`;
      const asked = ask({ method: 'GET', path, headers: authFor(reference) }, quickly);
      const digest = await asked.then(
        ({ object }) => textOf(member(object, 'Descriptor'), 'digest'),
        () => '',
      );
      return digest === '' ? null : { digest, onbuild: null, env: null };
    },
    async pull(reference, signal) {
      const { name, tag, digest } = parseReference(reference);
      const query = { fromImage: name, tag: tag ?? digest ?? 'latest' };
      const headers = authFor(reference);
      const answer = await connection.send({ method: 'POST', path: '/images/create', query, headers, signal });
      await unlessAborted(signal, followPull(reference, answer));
    },
    async tag(imageId, name) {
      const { name: repo, tag } = parseReference(name);
      const query = { repo, tag: tag ?? 'latest' };
      const { status, object } = await ask({ method: 'POST', path: `/images/${inPath(imageId)}/tag`, query }, soon);
      if (status >= 400) throw engineFault(textOf(object, 'message'), status);
    },
    async push(name, onLine, signal) {
      const { name: repository, tag } = parseReference(name);
      const path = `/images/${inPath(repository)}/push`;
      const query = { tag: tag ?? 'latest' };
      const answer = await connection.send({ method: 'POST', path, query, headers: authFor(name), signal });
      await unlessAborted(signal, followPush(name, answer, onLine));
    },
    async remove(nameOrId) {
      // 409: other names or containers still need it, and it is not ours to take from them.
      await ask({ method: 'DELETE', path: `/images/${inPath(nameOrId)}` }, soon);
    },
  };
}

function baseImage(inspected: JsonObject): BaseImage {
  const config = member(inspected, 'Config');
  const env = texts(config['Env']).map((entry): [string, string] => {
    const [name = '', ...value] = entry.split('=');
    return [name, value.join('=')];
  });
  return {
    digest: textOf(inspected, 'Id'),
    onbuild: texts(config['OnBuild']).length > 0,
    env: Object.fromEntries(env),
  };
}

function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** Breaking off at the caller's wish is no fault of the engine. */
async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function inPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
