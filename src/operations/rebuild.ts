import type { RebuildRequest } from './contract.js';
import type { Build } from '../model/build.js';
import type { QueueDeps } from '../queue/deps.js';
import { queueForcedOnce } from './forced-build.js';
import { chooseBranch, resolveCommit } from './revision.js';
import { serviceOf } from './service-of.js';

/**
 * The manual rebuild. With an artifact it builds the artifact's commit, unless the request names another. `claim` chooses the build's id.
 */
export async function rebuild(request: RebuildRequest, claim: () => Promise<string>, deps: QueueDeps): Promise<Build> {
  const service = serviceOf(request.service, deps);
  const mirror = deps.git.mirror(service.repository);
  const { branch, tip } = chooseBranch(service, request.branch, await mirror.remote.refs());
  await mirror.remote.fetch([tip]);
  const artifact = service.artifact === null ? null : await deps.store.artifacts.newest(service.name, branch);
  const commit =
    request.commit === null
      ? (artifact?.commit ?? tip)
      : await resolveCommit(request.commit, service.repository, mirror);
  return queueForcedOnce(
    {
      service,
      branch,
      commit,
      because: `${request.by} asked for a rebuild.`,
      trigger: { kind: 'manual', deliveryId: null, by: request.by },
      artifact,
      wishes: { noCache: request.noCache, fresh: true },
    },
    claim,
    deps,
  );
}
