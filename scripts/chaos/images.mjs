/** The registry as any program sees it: tags, manifests and the files of an image, by plain HTTP. */
import { gunzipSync } from 'node:zlib';
import { registryUser } from '../parts.mjs';

const authorization = `Basic ${Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64')}`;
const accept = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ');

async function filesOf(layer) {
  const { extract } = await import('tar-stream');
  const reader = extract();
  reader.end(layer[0] === 0x1f ? gunzipSync(layer) : layer);
  const files = new Map();
  for await (const entry of reader) {
    const chunks = [];
    for await (const chunk of entry) chunks.push(chunk);
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.?\//, ''), Buffer.concat(chunks));
  }
  return files;
}

export function readRegistry(host) {
  const layers = new Map();
  const get = async (path) => {
    const response = await fetch(`http://${host}/v2/${path}`, { headers: { authorization, accept } });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`GET /v2/${path}: ${response.status}`);
    return response;
  };
  async function layer(image, digest) {
    if (!layers.has(digest)) {
      const response = await get(`${image}/blobs/${digest}`);
      layers.set(digest, await filesOf(Buffer.from(await response.arrayBuffer())));
    }
    return layers.get(digest);
  }
  async function manifest(image, tag) {
    const response = await get(`${image}/manifests/${tag}`);
    if (response === null) return null;
    return { digest: response.headers.get('docker-content-digest'), ...(await response.json()) };
  }
  return {
    async tags(image) {
      return (await (await get(`${image}/tags/list`))?.json())?.tags ?? [];
    },
    digest: async (image, tag) => (await manifest(image, tag))?.digest ?? null,
    /** Path → text of the files below the folders `src` and `base` of an image; null if there is no such tag. */
    async files(image, tag) {
      const found = await manifest(image, tag);
      if (found === null) return null;
      const files = new Map();
      for (const { digest } of found.layers) {
        for (const [path, content] of await layer(image, digest)) {
          if (/^(src|base)\//.test(path)) files.set(path, content.toString());
        }
      }
      return files;
    },
  };
}
