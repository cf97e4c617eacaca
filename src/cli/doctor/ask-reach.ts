import type { Fault } from '../../config/config.js';
import type { Loaded } from '../../config/load.js';
import type { RemoteRefs } from '../../git/contract.js';
import { missingBranches } from '../../operations/missing-branches.js';
import type { PipelineDeps } from '../../pipeline.js';
import { askNeighbours, type Reached } from '../../server/reach.js';

export interface ReachAnswers {
  /** One for each kind of neighbour. */
  readonly answers: readonly Reached[];
  /** Branches that a service names and its repository does not have. */
  readonly missing: readonly Fault[];
}

/** Asks every neighbour of a configuration. Never fails. */
export async function askReach(
  { config, ownBranches }: Extract<Loaded, { ok: true }>,
  deps: PipelineDeps,
): Promise<ReachAnswers> {
  const repositories = new Set([...config.services.values()].map(({ repository }) => repository));
  if (config.dockerfiles.kind === 'repository') repositories.add(config.dockerfiles.repository);
  const known = new Map<string, RemoteRefs>();
  const onRefs = (repository: string, refs: RemoteRefs) => void known.set(repository, refs);
  const answers = await askNeighbours({ ...deps, repositories: [...repositories], onRefs });
  return { answers, missing: missingBranches(config.services, ownBranches, known) };
}
