import { createEngine } from '../../src/engine/docker/engine.js';
import { Secret } from '../../src/secret.js';
import { makeBaseImage } from './base-image.js';
import { buildRequest, engineHost, never, realClock } from './engine.js';
import { keptLog } from './kept-log.js';
import { registryUser, startRegistry, type RunningRegistry } from './registry.js';

export interface PublishedImage {
  readonly registry: RunningRegistry;
  /** `name@sha256:…` in the registry. The engine does not have it under this name. */
  readonly reference: string;
  readonly credentials: { readonly host: string; readonly username: string; readonly password: Secret };
  remove(): Promise<void>;
}

/** Builds an image, pushes it to a registry of its own with a password, and takes its name from the engine again. */
export async function publishImage(lines: readonly string[] = []): Promise<PublishedImage> {
  const registry = await startRegistry(registryUser);
  const { username, password } = registryUser;
  const credentials = { host: registry.host, username, password };
  const engine = createEngine({ host: engineHost(), tls: null, credentials, clock: realClock, log: keptLog() });
  const base = await makeBaseImage();
  const tag = `${registry.host}/contract/web:1`;
  const dockerfile = [`FROM ${base.name}`, `LABEL built=${registry.host}`, ...lines].join('\n');
  await engine.builder.build(buildRequest({ Dockerfile: dockerfile }, { tag }), () => undefined, never);
  await engine.images.push(tag, () => undefined, never);
  const reference = `${registry.host}/contract/web@${await digestOf(registry.host)}`;
  await engine.images.remove(tag);
  return {
    registry,
    reference,
    credentials: { host: registry.host, username, password: new Secret(password) },
    async remove() {
      await engine.images.remove(reference);
      await base.remove();
      await registry.close();
    },
  };
}

async function digestOf(host: string): Promise<string> {
  const { username, password } = registryUser;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const types = ['application/vnd.docker.distribution.manifest.v2+json', 'application/vnd.oci.image.manifest.v1+json'];
  const accept = [...types, 'application/vnd.oci.image.index.v1+json'].join(', ');
  const headers = { authorization, accept, connection: 'close' };
  const answer = await fetch(`http://${host}/v2/contract/web/manifests/1`, { method: 'HEAD', headers });
  const digest = answer.headers.get('docker-content-digest');
  if (digest === null) throw new Error(`The registry answers ${answer.status}.`);
  return digest;
}
