import { fullRefName, parseRef } from '../git-ref.js';
import { SlipwayError } from '../errors.js';
import type { Build } from '../model/build.js';
import { commitOrNull } from '../pipeline/accept/webhook-push.js';
import { cancelBuild } from '../queue/cancel.js';
import type { QueueDeps } from '../queue/deps.js';
import { forgiveDelivery } from '../pipeline/look/set-aside.js';
import { queueForcedOnce } from './forced-build.js';
import { serviceOf } from './service-of.js';

async function knownBuild(id: string, { store }: QueueDeps): Promise<Build> {
  const build = await store.builds.get(id);
  if (build) return build;
  throw new SlipwayError('unknown-build', `There is no build ${JSON.stringify(id)}.`);
}

/** `unknown-build`, `build-finished`. */
export async function cancel(id: string, by: string, deps: QueueDeps): Promise<Build> {
  const build = await knownBuild(id, deps);
  if ((await cancelBuild(id, deps)) === 'already-ended')
    throw new SlipwayError('build-finished', `Build ${id} has already ended.`);
  deps.log.info({ build: id, service: build.service, by }, 'cancel asked for');
  return knownBuild(id, deps);
}

/** A forced build of the same commit and artifact, whose id `claim` chooses. Fails with `artifact-missing` if that is no longer kept. */
export async function retry(id: string, by: string, claim: () => Promise<string>, deps: QueueDeps): Promise<Build> {
  const build = await knownBuild(id, deps);
  if (build.finishedAt === null) throw new SlipwayError('build-unfinished', `Build ${id} has not ended yet.`);
  const service = serviceOf(build.service, deps);
  const { remote } = deps.git.mirror(service.repository);
  // Ask the host now: is the commit still its branch's head?
  await remote.refs();
  await remote.fetch([build.commit]);
  const artifact = build.artifactId === null ? null : await deps.store.artifacts.get(build.artifactId);
  if (artifact === null && build.artifactId !== null)
    throw new SlipwayError('artifact-missing', `The artifact that build ${id} was made from is no longer kept.`);
  return queueForcedOnce(
    {
      service,
      branch: build.branch,
      commit: build.commit,
      because: `${by} asked to retry build ${id}.`,
      trigger: { kind: 'retry', deliveryId: build.trigger.deliveryId, by },
      artifact,
      wishes: { fresh: true, noCache: build.noCache, version: build.version, callbackUrl: build.callbackUrl },
    },
    claim,
    deps,
  );
}

/** Looks again at the ref of a delivery. */
export async function replay(id: string, by: string, deps: QueueDeps): Promise<void> {
  const { store, clock, events, log } = deps;
  const delivery = await store.deliveries.get(id);
  if (!delivery) throw new SlipwayError('unknown-delivery', `There is no delivery ${JSON.stringify(id)}.`);
  const { repository, branch, before, after, joined = id } = delivery;
  if (repository === null || branch === null) return;
  log.info({ delivery: id, by }, 'replay asked for');
  await forgiveDelivery({ ...delivery, id: joined }, deps);
  await store.looks.add({
    // Deliveries that share decisions continue to share them.
    trigger: { kind: 'push', deliveryId: joined, by },
    repository,
    ref: fullRefName(parseRef(branch)),
    services: null,
    before: before && commitOrNull(before),
    after: after && commitOrNull(after),
    dueAt: clock.now(),
  });
  events.publish({ type: 'look' });
}
