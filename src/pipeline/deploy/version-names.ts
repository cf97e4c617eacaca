import type { DeployedRelease } from '../../model/deployment.js';
import type { DeployDeps } from './deps.js';
import type { VersionNames } from './expected-version.js';

/** By what a release may name itself, as the store knows it. */
export async function versionNames(
  service: string,
  release: DeployedRelease,
  { store }: Pick<DeployDeps, 'store'>,
): Promise<VersionNames> {
  const found = await store.releases.get(service, release.number);
  const build = found === null || found.buildId === null ? null : await store.builds.get(found.buildId);
  const tags = found === null ? [] : await store.tags.pointingAt(found.image.repository, release.digest);
  const versions = tags.filter(({ kind }) => kind === 'version').map(({ tag }) => tag);
  const commits = await store.releases.commitsOf(service, release.digest);
  return {
    tags: [...new Set([...versions, ...(release.tag === null ? [] : [release.tag])])],
    commits: [...new Set([release.commit, ...(build === null ? [] : [build.commit]), ...commits])],
    version: build?.official?.value ?? null,
  };
}
