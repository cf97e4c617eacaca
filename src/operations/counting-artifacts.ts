import { artifactsFor } from '../decide/artifacts.js';
import { isTag } from '../git-ref.js';
import type { GitHost } from '../git/contract.js';
import { memo } from '../memo.js';
import type { Service } from '../model/service.js';
import type { Store } from '../store/contract.js';
import { createHeads } from './heads.js';

export interface CountingDeps {
  readonly store: Store;
  readonly git: GitHost;
  readonly services: () => ReadonlyMap<string, Service>;
}

/**
 * Ids of the artifacts that count for the heads of a service's branches: the tip that the host has, and the commit that was
 * decided on last. Branches that the host no longer has need none. Null if that is not known: the service is not configured,
 * or a tip cannot be fetched. Fails as the git host does.
 */
export async function countingArtifacts(name: string, deps: CountingDeps): Promise<ReadonlySet<string> | null> {
  const service = deps.services().get(name);
  if (!service) return null;
  const { remote, history } = deps.git.mirror(service.repository);
  const { tips, decided } = await headsOf(service, deps);
  await remote.fetch([...tips]);
  const { artifacts } = deps.store;
  const asking = { git: deps.git, store: { artifacts: { ...artifacts, commits: memo(artifacts.commits) } } };
  const counting = new Set<string>();
  for (const commit of new Set([...tips, ...decided])) {
    if (await history.has(commit)) {
      for (const { id } of await artifactsFor(service, commit, asking)) counting.add(id);
    } else if (tips.has(commit)) return null;
  }
  return counting;
}

async function headsOf(service: Service, deps: CountingDeps) {
  const { decisions } = deps.store;
  const branches = (await decisions.branches(service.name)).filter((branch) => !isTag(branch));
  const heads = await createHeads(deps).of(service, [...new Set([...service.literalBranches, ...branches])]);
  const decided = new Set<string>();
  for (const branch of branches) {
    const head = heads.get(branch) === null ? null : (await decisions.newest(service.name, branch))?.head;
    if (head) decided.add(head);
  }
  return { tips: new Set([...heads.values()].filter((head) => head !== null)), decided };
}
