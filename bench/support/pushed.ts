import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { registryUser } from '../../scripts/parts.mjs';

const { username, password } = registryUser;
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

async function ask(url: string): Promise<Response> {
  const accept = 'application/vnd.docker.distribution.manifest.v2+json, */*';
  const response = await fetch(url, { headers: { authorization, accept } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** A file's text in a packed layer; undefined where the layer does not have it. */
async function findIn(layer: Response, path: string): Promise<string | undefined> {
  const packed = Readable.fromWeb(layer.body as ReadableStream);
  let found: string | undefined;
  for await (const entry of packed.pipe(createGunzip()).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) if (entry.header.name === path) chunks.push(chunk as Buffer);
    if (entry.header.name === path) found = Buffer.concat(chunks).toString();
  }
  return found;
}

/** Fails unless the image in the registry holds that file with that content: what was measured did what it should. */
export async function expectPushed(
  image: { readonly host: string; readonly repository: string; readonly tag: string },
  path: string,
  content: string,
): Promise<void> {
  const root = `http://${image.host}/v2/${image.repository}`;
  const manifest = (await (await ask(`${root}/manifests/${image.tag}`)).json()) as { layers: { digest: string }[] };
  let found: string | undefined;
  for (const { digest } of manifest.layers.reverse()) {
    found = await findIn(await ask(`${root}/blobs/${digest}`), path);
    if (found !== undefined) break;
  }
  if (found === content) return;
  const held = found === undefined ? 'does not have it' : `has ${JSON.stringify(found)}`;
  throw new Error(`${image.repository}:${image.tag} should have ${path} with ${JSON.stringify(content)}, and ${held}.`);
}
