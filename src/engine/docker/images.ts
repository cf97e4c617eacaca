import type { Clock } from '../../clock.js';
import { SlipwayError } from '../../errors.js';
import { isSha256Digest, parseReference, type ImageReference } from '../../image-reference.js';
import { memberOf, textOf, textsOf, type JsonObject } from '../../docker/answer.js';
import type { Ask, ShortAnswer } from './ask.js';
import { inPath, type Connection } from '../../docker/connection.js';
import { registryAuth } from '../../docker/registry-auth.js';
import type { BaseImage, Credentials, EngineImages } from '../contract.js';
import { engineFault, imageFault } from '../messages/faults.js';
import type { KnownRegistries } from '../messages/known-registries.js';
import { createTransfer, followPull, followPush } from './transfer.js';

/** Questions that the engine answers from its own knowledge. */
const LOCAL_TIMEOUT_MS = 60_000;
/** A question that it passes on to a registry. */
const REGISTRY_TIMEOUT_MS = 5_000;

export interface ImagesDeps {
  readonly connection: Connection;
  readonly ask: Ask;
  readonly credentials: Credentials | null;
  readonly known: KnownRegistries;
  readonly clock: Clock;
}

/** The engine's images over its API (https://docs.docker.com/reference/api/engine/). See `EngineImages`. */
export function createImages({ connection, ask, credentials, known, clock }: ImagesDeps): EngineImages {
  const inspect = (nameOrId: string): Promise<ShortAnswer> =>
    ask({ method: 'GET', path: `/images/${inPath(nameOrId)}/json` }, LOCAL_TIMEOUT_MS);
  const transfer = createTransfer({ connection, credentials, clock });
  return {
    async find(nameOrId) {
      if (!isNameOrId(nameOrId)) return null;
      const { status, object } = await inspect(nameOrId);
      return status === 200 ? textOf(object, 'Id') : null;
    },
    async resolveBase(reference) {
      const parsed = parseReference(reference);
      if (parsed === null) return null;
      const local = await inspect(reference);
      if (local.status === 200) {
        known.learn(reference);
        return baseImage(local.object);
      }
      if (parsed.digest !== null) return { digest: parsed.digest, onbuild: null, env: null };
      const path = `/distribution/${inPath(reference)}/json`;
      const asked = ask({ method: 'GET', path, headers: registryAuth(credentials, parsed.host) }, REGISTRY_TIMEOUT_MS);
      const digest = await asked.then(
        ({ object }) => textOf(memberOf(object, 'Descriptor'), 'digest'),
        () => '',
      );
      if (digest === '') return null;
      known.learn(reference);
      return { digest, onbuild: null, env: null };
    },
    async pull(reference, signal) {
      const parsed = parseReference(reference);
      if (parsed === null) throw imageFault(reference, 'its name is not a valid image reference');
      const { host, name, tag, digest } = parsed;
      const query = { fromImage: name, tag: tag ?? digest ?? 'latest' };
      const request = { path: '/images/create', query, registry: host };
      await transfer(request, signal, (answer) => followPull(reference, answer));
    },
    async tag(imageId, name) {
      const { name: repo, tag } = requireReference(name);
      const query = { repo, tag: tag ?? 'latest' };
      const path = `/images/${inPath(requireId(imageId))}/tag`;
      const { status, object } = await ask({ method: 'POST', path, query }, LOCAL_TIMEOUT_MS);
      if (status >= 400) throw engineFault(textOf(object, 'message'), status);
    },
    async push(name, onLine, signal) {
      const { host, name: repository, tag } = requireReference(name);
      const path = `/images/${inPath(repository)}/push`;
      const request = { path, query: { tag: tag ?? 'latest' }, registry: host };
      await transfer(request, signal, (answer) => followPush(name, answer, onLine));
    },
    async remove(nameOrId) {
      if (!isNameOrId(nameOrId)) return;
      // 409: other names or containers still need the image.
      await ask({ method: 'DELETE', path: `/images/${inPath(nameOrId)}` }, LOCAL_TIMEOUT_MS);
    },
  };
}

const isNameOrId = (text: string): boolean => isSha256Digest(text) || parseReference(text) !== null;

/** For names that Slipway made itself. */
function requireReference(name: string): ImageReference {
  const parsed = parseReference(name);
  if (parsed === null) throw new SlipwayError('internal', `“${name}” is not a valid image reference.`);
  return parsed;
}

function requireId(imageId: string): string {
  if (!isSha256Digest(imageId)) throw new SlipwayError('internal', `“${imageId}” is not the id of an image.`);
  return imageId;
}

function baseImage(inspected: JsonObject): BaseImage {
  const config = memberOf(inspected, 'Config');
  const env = textsOf(config['Env']).map((entry): [string, string] => {
    const [name = '', ...value] = entry.split('=');
    return [name, value.join('=')];
  });
  return {
    digest: textOf(inspected, 'Id'),
    onbuild: textsOf(config['OnBuild']).length > 0,
    env: Object.fromEntries(env),
  };
}
