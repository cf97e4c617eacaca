import { foundWithRulesOf } from '../decide/region-rules.js';
import type { Build } from '../model/build.js';
import type { Service } from '../model/service.js';
import type { RegionDrift } from '../store/contract.js';
import { currentTags } from './current-tags.js';
import type { ApiDeps } from './deps.js';
import type { BuildJson, ServiceJson } from './schemas.js';
import { showBuilds } from './show.js';

type StateDeps = Pick<ApiDeps, 'store' | 'heads' | 'waiting'>;

/** A service as it was read, with builds that do not say yet what they wait for. */
interface State extends Omit<ServiceJson, 'branches'> {
  readonly branches: readonly BranchState[];
}

interface BranchState extends Omit<ServiceJson['branches'][number], 'lastBuild'> {
  readonly lastBuild: Build | null;
}

/** A service with the heads that its repository has now. */
export async function describeService(deps: StateDeps, service: Service): Promise<ServiceJson> {
  const decided = await deps.store.decisions.branches(service.name);
  const heads = await deps.heads.of(service, [...new Set([...service.literalBranches, ...decided])]);
  const state = await readState(deps, service, decided, heads);
  return render(state, await lastBuilds(deps, [state]));
}

/** Services with the heads that were decided on last. Does not ask the host, but leaves out what it did not have when it was asked last. */
export async function summariseServices(deps: StateDeps, services: readonly Service[]): Promise<ServiceJson[]> {
  const states = await Promise.all(services.map((service) => readSummary(deps, service)));
  const shown = await lastBuilds(deps, states);
  return states.map((state) => render(state, shown));
}

async function readSummary(deps: StateDeps, service: Service): Promise<State> {
  const decided = await deps.store.decisions.branches(service.name);
  const shown = await deps.heads.of(service, decided, 'shown');
  return readState(deps, service, decided, new Map([...shown].filter(([, head]) => head === null)));
}

/** The last builds of all branches by their ids. They are shown together, so that the queue is read once. */
async function lastBuilds(deps: StateDeps, states: readonly State[]): Promise<ReadonlyMap<string, BuildJson>> {
  const builds = states.flatMap(({ branches }) => branches.flatMap(({ lastBuild }) => lastBuild ?? []));
  return new Map((await showBuilds(deps, builds)).map((build) => [build.id, build]));
}

function render({ branches, ...same }: State, shown: ReadonlyMap<string, BuildJson>): ServiceJson {
  return {
    ...same,
    branches: branches.map(({ lastBuild, ...its }) => ({
      ...its,
      lastBuild: lastBuild && (shown.get(lastBuild.id) ?? null),
    })),
  };
}

/**
 * The branches with a head in `heads`, and those with decisions. A null head leaves its branch out before anything is read of it: most
 * branches that were ever decided on are gone. Without a head in `heads`, a branch has that of its newest decision.
 */
async function readState(
  deps: StateDeps,
  service: Service,
  decided: readonly string[],
  heads: ReadonlyMap<string, string | null>,
): Promise<State> {
  const names = [...new Set([...heads.keys(), ...decided])].filter((name) => heads.get(name) !== null).sort();
  const drift = await driftByBranch(service, deps);
  const branches = await Promise.all(
    names.map(async (name) => ({
      ...(await readBranch(deps, service.name, name, heads.get(name) ?? null)),
      warnings: [...(drift.get(name) ?? [])],
    })),
  );
  const { name, repository, path, trigger, image } = service;
  return { name, repository, path: path === '' ? '.' : path, trigger, image, branches };
}

async function driftByBranch(
  service: Service,
  { store }: StateDeps,
): Promise<ReadonlyMap<string, readonly RegionDrift[]>> {
  const found = foundWithRulesOf(service, await store.regionDrifts.of(service.name));
  return new Map(found.map(({ branch, drift }) => [branch, drift]));
}

async function readBranch(
  deps: StateDeps,
  service: string,
  branch: string,
  head: string | null,
): Promise<Omit<BranchState, 'warnings'>> {
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
    lastBuild: last,
  };
}
