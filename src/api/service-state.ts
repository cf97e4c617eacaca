import type { Service } from '../model/service.js';
import { currentTags } from './current-tags.js';
import type { ApiDeps } from './deps.js';
import { renderBuild } from './render.js';
import type { ServiceJson } from './schemas.js';

type StateDeps = Pick<ApiDeps, 'store'>;

/**
 * A service with its branches: those with a tip in `heads`, and those with decisions. Without a tip, a branch's head is that of its newest
 * decision.
 */
export async function describeService(
  deps: StateDeps,
  service: Service,
  heads: ReadonlyMap<string, string>,
): Promise<ServiceJson> {
  const decided = await deps.store.decisions.branches(service.name);
  const names = [...new Set([...heads.keys(), ...decided])].sort();
  const branches = await Promise.all(names.map((name) => describeBranch(deps, service.name, name, heads.get(name))));
  const { name, repository, path, trigger, image } = service;
  return { name, repository, path: path === '' ? '.' : path, trigger, image, branches };
}

async function describeBranch(
  { store }: StateDeps,
  service: string,
  branch: string,
  head: string | undefined,
): Promise<ServiceJson['branches'][number]> {
  const [baseline, last, decision] = await Promise.all([
    store.builds.baseline(service, branch),
    store.builds.newest(service, branch),
    store.decisions.newest(service, branch),
  ]);
  const image = baseline?.image ?? last?.image ?? null;
  return {
    branch,
    head: head ?? decision?.head ?? null,
    image: image && { repository: image.repository, digest: image.digest, tags: await currentTags(image, store) },
    lastBuild: last && renderBuild(last),
  };
}
