import type { EngineImages } from '../../../../src/engine/contract.js';
import type { Manifest } from '../../../../src/registry/contract.js';
import type { Store, TagRow } from '../../../../src/store/contract.js';
import { createFakeRegistry, type FakeRegistry } from '../../../support/fake-registry.js';
import { openTempStore } from '../../../support/store.js';
import { tinyImage } from '../../../support/tiny-image.js';

/** Image ids of an engine with the classic image store: the digest of the configuration. */
export const idOf = (content: string): string => tinyImage(content).manifest.configDigest ?? '';
export const digestOf = (content: string): string => tinyImage(content).manifest.digest;

export interface Surroundings {
  readonly registry: FakeRegistry;
  readonly store: Store;
  readonly images: EngineImages & { readonly pushes: readonly string[] };
  close(): Promise<void>;
}

/** A registry in memory, a store, and an engine that holds the tiny images of the given contents. */
export async function surroundings(contents: readonly string[]): Promise<Surroundings> {
  const registry = createFakeRegistry();
  const { store, close } = await openTempStore();
  const built = new Map(contents.map((content) => [idOf(content), tinyImage(content).manifest]));
  return { registry, store, images: pushingImages(registry, built), close };
}

function pushingImages(registry: FakeRegistry, built: ReadonlyMap<string, Manifest>): Surroundings['images'] {
  const names = new Map<string, Manifest>();
  const pushes: string[] = [];
  return {
    pushes,
    find: async () => null,
    resolveBase: async () => null,
    pull: async () => {},
    remove: async () => {},
    async tag(imageId, name) {
      const manifest = built.get(imageId);
      if (manifest) names.set(name, manifest);
    },
    async push(name, onLine) {
      const [, repository = '', tag = ''] = /^registry\.test:5000\/(.+):([^:/]+)$/.exec(name) ?? [];
      const manifest = names.get(name);
      pushes.push(name);
      onLine(`pushed ${name}`);
      if (manifest) registry.push(repository, tag, manifest);
    },
  };
}

/** The same object, every method of which asks before and after it has had its effect. */
export function watched<T extends object>(target: T, step: (what: string) => void): T {
  return new Proxy(target, {
    get(object, name, receiver) {
      const member: unknown = Reflect.get(object, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        step(`before ${String(name)}`);
        const result: unknown = await Reflect.apply(member, object, args);
        step(`after ${String(name)}`);
        return result;
      };
    },
  });
}

export const row = (tag: string, kind: TagRow['kind'], owner: string, content: string | null = null): TagRow => ({
  repository: 'abc/app',
  tag,
  kind,
  owner,
  digest: content === null ? null : digestOf(content),
  commit: null,
});
