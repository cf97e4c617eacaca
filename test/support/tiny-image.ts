import { createHash } from 'node:crypto';
import type { Manifest } from '../../src/registry/contract.js';

const sha256 = (body: Buffer) => `sha256:${createHash('sha256').update(body).digest('hex')}`;

export interface TinyImage {
  readonly config: Buffer;
  readonly manifest: Manifest;
}

/**
 * The smallest image there is: a configuration with the content as a label, and no layer. Equal contents, equal images. `more`: further
 * settings for its containers.
 */
export function tinyImage(content: string, more: object = {}): TinyImage {
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { content }, ...more },
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  );
  const configDigest = sha256(config);
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const body = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        size: config.length,
        digest: configDigest,
      },
      layers: [],
    }),
  );
  return { config, manifest: { digest: sha256(body), mediaType, body, configDigest } };
}

/** Puts an image in a registry over its API, as a push of an engine would. `authorization` is a header's value. */
export async function uploadTinyImage(
  target: { readonly host: string; readonly authorization?: string },
  repository: string,
  tag: string,
  content: string,
  more?: object,
): Promise<Manifest> {
  const { config, manifest } = tinyImage(content, more);
  const headers: Record<string, string> = target.authorization ? { authorization: target.authorization } : {};
  const root = `http://${target.host}/v2/${repository}`;
  const begun = await fetch(`${root}/blobs/uploads/`, { method: 'POST', headers });
  const upload = new URL(begun.headers.get('location') ?? '', root);
  upload.searchParams.set('digest', sha256(config));
  const octets = { ...headers, 'content-type': 'application/octet-stream' };
  const blob = await fetch(upload, { method: 'PUT', headers: octets, body: config });
  const typed = { ...headers, 'content-type': manifest.mediaType };
  const put = await fetch(`${root}/manifests/${tag}`, { method: 'PUT', headers: typed, body: manifest.body });
  if (blob.status !== 201 || put.status !== 201) throw new Error(`upload answered ${blob.status} and ${put.status}`);
  return manifest;
}
