import type { PublishDeps } from './publish.js';

/**
 * The same places, where each write of a tag waits for `permit`. A registry cannot refuse a worker that has lost its build, so `permit` has
 * to throw before it comes to that. A push writes its tag at its end; there the abort of its signal does the same.
 */
export function fenced({ registry, tags, images }: PublishDeps, permit: () => Promise<void>): PublishDeps {
  return {
    tags,
    registry: {
      host: registry.host,
      manifest: (repository, reference) => registry.manifest(repository, reference),
      tags: (repository) => registry.tags(repository),
      async putTag(repository, tag, manifest) {
        await permit();
        return registry.putTag(repository, tag, manifest);
      },
    },
    images: {
      tag: (imageId, name) => images.tag(imageId, name),
      remove: (name) => images.remove(name),
      async push(name, onLine, signal) {
        await permit();
        await images.push(name, onLine, signal);
      },
    },
  };
}
