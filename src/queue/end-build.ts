import type { Build } from '../model/build.js';
import type { Image } from '../model/image.js';
import type { NewLook } from '../model/look.js';
import type { BuildEnd } from '../store/contract.js';
import { announceEnd } from './announce.js';
import type { QueueDeps } from './deps.js';
import { buildSpanOf, formatTraceparent } from '../trace-context.js';
import { branchRef, fullRefName, parseRef } from '../git-ref.js';

/**
 * Records a build's end and queues the looks that follow: at its own branch, whose head may have moved while it ran, and at the services
 * that stand on a new image. False, and nothing is done, if the attempt was lost.
 */
export async function endBuild(build: Build, end: BuildEnd, deps: QueueDeps): Promise<boolean> {
  const { store, clock } = deps;
  const span = buildSpanOf(build);
  const traced = span && { traceLink: formatTraceparent(span) };
  const looks = [
    ...ownLook(build, end, clock.now()),
    ...(end.status === 'succeeded' ? await dependentLooks(end.image, deps) : []),
  ].map((one) => ({ ...one, ...traced }));
  if (!(await store.queue.finish(build, end, clock.now(), looks))) return false;
  if (looks.length > 0) deps.events.publish({ type: 'look' });
  await announceEnd(build.id, deps);
  return true;
}

/** Puts a running build back in the queue. It may end instead, canceled or superseded by a newer queued build; see `Queue.putBack`. */
export async function putBackBuild(
  build: Build,
  notBefore: number,
  countsAsAttempt: boolean,
  deps: QueueDeps,
): Promise<void> {
  if (!(await deps.store.queue.putBack(build, notBefore, countsAsAttempt))) return;
  await announceEnd(build.id, deps);
}

/** A git tag's build that was found needless leaves a decision that promised it. The look says why. */
function ownLook({ repository, service, branch }: Build, { status }: BuildEnd, now: number): NewLook[] {
  const ref = parseRef(branch);
  return ref.kind === 'tag' && status !== 'superseded'
    ? []
    : [look('sweep', repository, [service], fullRefName(ref), now)];
}

/** Looks at the branches that stand on one of the image's names, one per repository and branch. */
async function dependentLooks(image: Image, deps: QueueDeps): Promise<NewLook[]> {
  const { store, clock, registryHost } = deps;
  const services = deps.services();
  const names = image.tags.map((tag) => `${registryHost}/${image.repository}:${tag}`);
  const concerned = new Map<string, { repository: string; branch: string; names: Set<string> }>();
  for (const { service: name, branch } of await store.bases.standingOn(names)) {
    const service = services.get(name);
    if (!service?.cascade) continue;
    const key = JSON.stringify([service.repository, branch]);
    const found = concerned.get(key) ?? { repository: service.repository, branch, names: new Set() };
    concerned.set(key, { ...found, names: found.names.add(name) });
  }
  return [...concerned.values()].map(({ repository, branch, names: members }) =>
    look('base-image', repository, [...members], fullRefName(branchRef(branch)), clock.now()),
  );
}

function look(
  kind: 'sweep' | 'base-image',
  repository: string,
  services: readonly string[],
  ref: string,
  dueAt: number,
): NewLook {
  const trigger = { kind, deliveryId: null, by: null };
  return { trigger, repository, ref, services, before: null, after: null, dueAt };
}
