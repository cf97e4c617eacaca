import type { RebuildRequest } from './contract.js';
import type { Build } from '../model/build.js';
import type { QueueDeps } from '../queue/deps.js';
import { evaluateForced, queueForcedOnce } from './forced-build.js';
import { chooseBranch, resolveCommit } from './revision.js';
import { serviceOf } from './service-of.js';

/**
 * The manual rebuild. With an artifact that counts for the head it builds that one's commit, unless the request names another. `claim` chooses
 * the build's id.
 */
export async function rebuild(request: RebuildRequest, claim: () => Promise<string>, deps: QueueDeps): Promise<Build> {
  const service = serviceOf(request.service, deps);
  const mirror = deps.git.mirror(service.repository);
  const { branch, tip } = chooseBranch(service, request.branch, await mirror.remote.refs());
  await mirror.remote.fetch([tip]);
  const named = request.commit === null ? null : await resolveCommit(request.commit, service.repository, mirror);
  const because = `${request.by} asked for a rebuild.`;
  const tipsArtifact = async () => (await evaluateForced({ service, branch, commit: tip, because }, deps)).artifact;
  const artifact = named === null && service.artifact !== null ? await tipsArtifact() : undefined;
  const commit = named ?? artifact?.commit ?? tip;
  return queueForcedOnce(
    {
      service,
      branch,
      commit,
      because,
      trigger: { kind: 'manual', deliveryId: null, by: request.by },
      ...(artifact !== undefined && { artifact }),
      wishes: { noCache: request.noCache, fresh: true },
    },
    claim,
    deps,
  );
}
