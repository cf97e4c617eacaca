import { regionRules } from '../decide/region-rules.js';
import type { Service } from '../model/service.js';
import type { RegionDrift } from '../store/contract.js';
import { currentTags } from './current-tags.js';
import type { ApiDeps } from './deps.js';
import type { ServiceJson } from './schemas.js';
import { showBuild } from './show.js';

type StateDeps = Pick<ApiDeps, 'store' | 'heads' | 'waiting'>;

/** A service with the heads that its repository has now. */
export async function describeService(deps: StateDeps, service: Service): Promise<ServiceJson> {
  const decided = await deps.store.decisions.branches(service.name);
  const heads = await deps.heads.of(service, [...new Set([...service.literalBranches, ...decided])]);
  return describe(deps, service, decided, heads);
}

/** A service with the heads that were decided on last. Does not ask the host, but leaves out what it did not have when it was asked last. */
export async function summariseService(deps: StateDeps, service: Service): Promise<ServiceJson> {
  const decided = await deps.store.decisions.branches(service.name);
  const shown = await deps.heads.of(service, decided, 'shown');
  return describe(deps, service, decided, new Map([...shown].filter(([, head]) => head === null)));
}

/**
 * The branches with a head in `heads`, and those with decisions. A null head leaves its branch out before anything is read of it: most
 * branches that were ever decided on are gone. Without a head in `heads`, a branch has that of its newest decision.
 */
async function describe(
  deps: StateDeps,
  service: Service,
  decided: readonly string[],
  heads: ReadonlyMap<string, string | null>,
): Promise<ServiceJson> {
  const names = [...new Set([...heads.keys(), ...decided])].filter((name) => heads.get(name) !== null).sort();
  const drift = await driftByBranch(service, deps);
  const branches = await Promise.all(
    names.map(async (name) => ({
      ...(await describeBranch(deps, service.name, name, heads.get(name) ?? null)),
      warnings: [...(drift.get(name) ?? [])],
    })),
  );
  const { name, repository, path, trigger, image } = service;
  return { name, repository, path: path === '' ? '.' : path, trigger, image, branches };
}

/** What was found with other settings may be gone. */
async function driftByBranch(
  service: Service,
  { store }: StateDeps,
): Promise<ReadonlyMap<string, readonly RegionDrift[]>> {
  const rules = regionRules(service);
  const found = await store.regionDrifts.of(service.name);
  return new Map(found.flatMap((one) => (one.rules === rules ? [[one.branch, one.drift]] : [])));
}

async function describeBranch(
  deps: StateDeps,
  service: string,
  branch: string,
  head: string | null,
): Promise<Omit<ServiceJson['branches'][number], 'warnings'>> {
  const { store } = deps;
  const [baseline, last, decision] = await Promise.all([
    store.builds.baseline(service, branch),
    store.builds.newest(service, branch),
    head === null ? store.decisions.newest(service, branch) : null,
  ]);
  const image = baseline?.image ?? last?.image ?? null;
  return {
    branch,
    head: head ?? decision?.head ?? null,
    image: image && { repository: image.repository, digest: image.digest, tags: await currentTags(image, store) },
    lastBuild: last && (await showBuild(deps, last)),
  };
}
