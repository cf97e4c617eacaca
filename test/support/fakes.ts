/** Engine and registry in memory, joined as real ones are: what the engine pushes the registry holds, what that holds can be a base. */
import type { Clock } from '../../src/clock.js';
import { createHash } from 'node:crypto';
import type { Manifest, Registry } from '../../src/registry/contract.js';
import { createFakeEngine, type FakeBuild, type FakeEngine } from './fake-engine.js';
import { createFakeRegistry, type FakeRegistry } from './fake-registry.js';

export interface Fakes {
  readonly host: string;
  readonly engine: FakeEngine;
  /** Scripts and asks the registry. */
  readonly fake: FakeRegistry;
  /** What Slipway is given. */
  readonly registry: Registry;
  /** The build whose image a tag or digest names; null if the registry holds none. */
  behind(repository: string, reference: string): FakeBuild | null;
}

const sha256 = (text: string | Buffer): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Equal images, equal manifests. */
function manifestOf(imageId: string): Manifest {
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: { digest: imageId }, layers: [] }));
  return { digest: sha256(body), mediaType, body, configDigest: imageId };
}

/** `clock`: how long steps of builds take. Default: one that stands. */
export function createFakes(host = 'registry.test:5000', clock?: Clock): Fakes {
  const fake = createFakeRegistry(host);
  const engine = createFakeEngine({
    clock,
    onPush: async (name, imageId) => {
      await fake.ping();
      const colon = name.lastIndexOf(':');
      const [repository, tag] = [name.slice(host.length + 1, colon), name.slice(colon + 1)];
      const manifest = manifestOf(imageId);
      fake.push(repository, tag, manifest);
      engine.offer(name, manifest.digest);
    },
  });
  const registry: Registry = {
    ...fake,
    async putTag(repository, tag, manifest) {
      const digest = await fake.putTag(repository, tag, manifest);
      engine.offer(`${host}/${repository}:${tag}`, digest);
      return digest;
    },
  };
  return {
    host,
    engine,
    fake,
    registry,
    behind(repository, reference) {
      const digest = fake.state(repository)[reference] ?? reference;
      return engine.builds.find(({ imageId }) => manifestOf(imageId).digest === digest) ?? null;
    },
  };
}
