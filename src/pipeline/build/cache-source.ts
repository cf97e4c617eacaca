import type { BuildDeps } from './deps.js';
import type { RunningBuild } from './running-build.js';

/**
 * The image whose layers a build may use as a cache: the branch's own, else the newest of the service, or null. The engine tries its own
 * images first, where the branch's is kept, and asks the registry if that is gone.
 */
export async function cacheSource(
  { build, service }: Pick<RunningBuild, 'build' | 'service'>,
  { store, registryHost }: Pick<BuildDeps, 'store' | 'registryHost'>,
): Promise<string | null> {
  const own = await store.tags.ownedBy(service.image, 'branch', build.branch);
  const tag = own?.digest ? own.tag : await newestTag(service.name, service.image, store);
  return tag === null ? null : `${registryHost}/${service.image}:${tag}`;
}

/** The branch's tag comes last if the build has one. The engine keeps that name. */
async function newestTag(service: string, repository: string, { builds }: BuildDeps['store']): Promise<string | null> {
  const { items } = await builds.page({ service, status: 'succeeded', limit: 1, cursor: null });
  const image = items[0]?.image;
  return image?.repository === repository ? (image.tags.at(-1) ?? null) : null;
}
