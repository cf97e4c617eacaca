import type { Clock } from '../clock.js';
import { parseBounded } from '../bounded-json.js';
import { SlipwayError } from '../errors.js';
import { createHostPauses } from '../host-pauses.js';
import { isTagName } from '../image-reference.js';
import type { Log } from '../log.js';
import type { Secret } from '../secret.js';
import { registryAddress } from './address.js';
import { answerError, isRecord } from './answer-error.js';
import { createAuthorizer } from './authorizer.js';
import type { ImageConfig, Manifest, Registry } from './contract.js';
import { readImageConfig } from './image-config.js';
import { acceptedManifests, readManifest } from './manifest.js';
import { requireDigest, requireReference, requireRepositoryName } from './names.js';
import { nextPage } from './next-page.js';
import { createSend, type Send } from './send.js';
import { createTransport, type Answer, type Fetch } from './transport.js';
import { tryUpload } from './try-upload.js';

export interface RegistryOptions {
  /** `host[:port]`. */
  readonly host: string;
  readonly username: string | null;
  readonly password: Secret | null;
  /** Plain http. Loopback hosts always use it. */
  readonly insecure: boolean;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly fetch?: Fetch;
  /** For one exchange. Default: 30 s. */
  readonly timeoutMs?: number;
}

/** Registries accept no larger manifest (distribution: 4 MiB). */
const MAX_MANIFEST_BYTES = 4 << 20;
/** Those of images have a few kilobytes. */
const MAX_CONFIG_BYTES = 1 << 20;
const MAX_TAG_PAGE_BYTES = 16 << 20;
const MAX_TAG_PAGES = 10_000;
/** Limit of all pages of a repository's tags together. */
const MAX_TAG_LIST_BYTES = 64 << 20;

/** A registry over HTTP API v2. Does nothing until a method is called. Holds no connection that needs closing. */
export function createRegistry(options: RegistryOptions): Registry {
  const { host } = options;
  const api = registryAddress(host, options.insecure);
  const transport = createTransport({
    fetch: options.fetch ?? fetch,
    timeoutMs: options.timeoutMs ?? 30_000,
    pauses: createHostPauses(options.clock),
  });
  const authorizer = createAuthorizer({ ...options, registry: api, transport });
  const send = createSend(transport, authorizer, options.log.child({ registry: host }));
  return {
    host,
    manifest: (repository, reference) => getManifest(send, api, repository, reference),
    config: (repository, digest) => getConfig(send, api, repository, digest),
    putTag: (repository, tag, manifest) => putTag(send, api, repository, tag, manifest),
    tags: (repository) => listTags(send, api, repository),
    mayPush: (repository) => tryUpload(send, api, repository),
    async time() {
      const { headers } = await send({ method: 'GET', url: api, limit: MAX_MANIFEST_BYTES, scope: '' });
      const time = Date.parse(headers.get('date') ?? '');
      return Number.isNaN(time) ? null : time;
    },
    async ping() {
      const answer = await send({ method: 'GET', url: api, limit: MAX_MANIFEST_BYTES, scope: '' });
      if (answer.status !== 200) throw answerError(host, 'a look at /v2/', answer);
    },
  };
}

async function getManifest(send: Send, api: URL, repository: string, reference: string): Promise<Manifest | null> {
  requireRepositoryName(repository);
  requireReference(reference);
  const answer = await send({
    method: 'GET',
    url: new URL(`${repository}/manifests/${reference}`, api),
    headers: { accept: acceptedManifests },
    limit: MAX_MANIFEST_BYTES,
    scope: `repository:${repository}:pull`,
  });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(api.host, `reading ${repository}:${reference}`, answer);
  return readManifest({
    body: answer.body,
    contentType: answer.headers.get('content-type'),
    statedDigest: answer.headers.get('docker-content-digest'),
    reference,
  });
}

async function getConfig(send: Send, api: URL, repository: string, digest: string): Promise<ImageConfig | null> {
  requireRepositoryName(repository);
  requireDigest(digest);
  const answer = await send({
    method: 'GET',
    url: new URL(`${repository}/blobs/${digest}`, api),
    limit: MAX_CONFIG_BYTES,
    scope: `repository:${repository}:pull`,
  });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(api.host, `reading ${repository}@${digest}`, answer);
  return readImageConfig(answer.body, digest);
}

async function putTag(send: Send, api: URL, repository: string, tag: string, manifest: Manifest): Promise<string> {
  requireRepositoryName(repository);
  if (!isTagName(tag)) throw new SlipwayError('registry-error', `“${tag}” is not a tag.`);
  const answer = await send({
    method: 'PUT',
    url: new URL(`${repository}/manifests/${tag}`, api),
    headers: { 'content-type': manifest.mediaType },
    body: manifest.body,
    limit: MAX_MANIFEST_BYTES,
    scope: `repository:${repository}:pull,push`,
  });
  // 201 by the specification; Quay and older registries say 202 (containers/image#381).
  if (answer.status < 200 || answer.status > 299) throw answerError(api.host, `tagging ${repository}:${tag}`, answer);
  // Only 201 says that it is written. After any other success, and where the digest is missing or another, the registry is asked.
  const isStated = answer.status === 201 && answer.headers.get('docker-content-digest') === manifest.digest;
  const digest = isStated ? manifest.digest : ((await getManifest(send, api, repository, tag))?.digest ?? 'none');
  if (digest !== manifest.digest)
    throw new SlipwayError('digest-mismatch', `${repository}:${tag} has digest ${digest}, not ${manifest.digest}.`);
  return digest;
}

async function listTags(send: Send, api: URL, repository: string): Promise<readonly string[]> {
  requireRepositoryName(repository);
  const found: string[] = [];
  let left = MAX_TAG_LIST_BYTES;
  let url: URL | null = new URL(`${repository}/tags/list?n=1000`, api);
  for (let page = 0; url !== null; page += 1) {
    if (page === MAX_TAG_PAGES) throw new SlipwayError('registry-error', `${api.host} never ends listing tags.`);
    const answer: Answer = await send({
      method: 'GET',
      url,
      limit: MAX_TAG_PAGE_BYTES,
      scope: `repository:${repository}:pull`,
    });
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw answerError(api.host, `listing the tags of ${repository}`, answer);
    left -= answer.body.length;
    if (left < 0) throw new SlipwayError('registry-error', `${api.host} lists more than 64 MiB of tags.`);
    for (const tag of tagsOf(answer.body, api.host)) found.push(tag);
    url = nextPage(url, answer.headers.get('link'));
  }
  return found;
}

/** A repository without tags answers `tags: null`. */
function tagsOf(body: Buffer, host: string): readonly string[] {
  const parsed = parseBounded(body);
  const tags = isRecord(parsed) ? (parsed.tags ?? []) : null;
  if (!Array.isArray(tags)) throw new SlipwayError('registry-error', `${host} answered a list of tags without one.`);
  return tags.filter((tag: unknown): tag is string => typeof tag === 'string');
}
