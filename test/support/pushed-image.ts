import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { registryUser } from './registry.js';

/** An image as its registry holds it, read over the registry's own API: no part of Slipway is asked. */
export interface PushedImage {
  readonly digest: string;
  /** Digests of the layers, the base's first. */
  readonly layers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Content by path of what the layers hold; what is no ordinary file is left out. */
  files(): Promise<ReadonlyMap<string, Buffer>>;
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
const { username, password } = registryUser;
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

async function ask(url: string, accept = '*/*'): Promise<Response> {
  const response = await fetch(url, { headers: { authorization, accept, connection: 'close' } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

export async function pushedImage(host: string, repository: string, reference: string): Promise<PushedImage> {
  const root = `http://${host}/v2/${repository}`;
  const answer = await ask(`${root}/manifests/${reference}`, manifestType);
  const { config, layers } = (await answer.json()) as Manifest;
  const configured = (await (await ask(`${root}/blobs/${config.digest}`)).json()) as {
    readonly config: { readonly Labels?: Record<string, string> };
  };
  return {
    digest: answer.headers.get('docker-content-digest') ?? '',
    layers: layers.map(({ digest }) => digest),
    labels: configured.config.Labels ?? {},
    async files() {
      const files = new Map<string, Buffer>();
      for (const { digest } of layers) await unpack(Buffer.from(await blob(root, digest)), files);
      return files;
    },
  };
}

const blob = async (root: string, digest: string) => (await ask(`${root}/blobs/${digest}`)).arrayBuffer();

async function unpack(layer: Buffer, files: Map<string, Buffer>): Promise<void> {
  const archive = Readable.from([layer]).pipe(createGunzip()).pipe(extract());
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === 'file') files.set(entry.header.name, Buffer.concat(chunks));
  }
}

/** Tags of a repository, sorted; none where there is no such repository. */
export async function pushedTags(host: string, repository: string): Promise<readonly string[]> {
  const response = await fetch(`http://${host}/v2/${repository}/tags/list`, {
    headers: { authorization, connection: 'close' },
  });
  if (response.status === 404) return [];
  const { tags } = (await response.json()) as { readonly tags: readonly string[] | null };
  return [...(tags ?? [])].sort();
}
