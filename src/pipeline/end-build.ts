import type { Build, NewLook, Service } from '../model.js';
import type { BuildEnd } from '../store/contract.js';
import type { PipelineDeps } from './deps.js';
import { HEAD_REF, TAG_REF } from './targets.js';

/**
 * Records a build's end together with the looks that it causes: its own branch again (the head may have moved, or gone back, while it
 * ran) and, where it made an image, the services that stand on that image. Does nothing where the build had already ended.
 */
export async function endBuild(build: Build, end: BuildEnd, deps: PipelineDeps): Promise<void> {
  const { store, clock, events } = deps;
  const looks = [
    ...ownLook(build, clock.now()),
    ...(end.status === 'succeeded' ? await dependentLooks(build, deps) : []),
  ];
  if (!(await store.queue.finish(build.id, end, clock.now(), looks))) return;
  const ended = await store.builds.get(build.id);
  if (!ended) return;
  const { id, service, branch, status } = ended;
  events.publish({ type: 'build', id, service, branch, status });
  if (looks.length > 0) events.publish({ type: 'look' });
  deps.metrics.build(status, ended.outcome, secondsOf(ended));
  deps.report.changed(ended);
}

const secondsOf = ({ startedAt, finishedAt }: Build): number | null =>
  startedAt === null || finishedAt === null ? null : (finishedAt - startedAt) / 1000;

function ownLook({ repository, service, branch }: Build, now: number): NewLook[] {
  if (branch.startsWith(TAG_REF)) return [];
  return [look('sweep', repository, [service], `${HEAD_REF}${branch}`, now)];
}

/** Services that were built, or tried to be, on an image of this one. */
async function dependentLooks({ service: name }: Build, deps: PipelineDeps): Promise<NewLook[]> {
  const services = deps.services();
  const image = services.get(name)?.image;
  if (image === undefined) return [];
  const others = [...services.values()].filter((service) => service.cascade && service.name !== name);
  const looks: NewLook[] = [];
  for (const service of others) {
    if (await standsOn(service, image, deps)) {
      looks.push(look('base-image', service.repository, [service.name], null, deps.clock.now()));
    }
  }
  return looks;
}

async function standsOn(service: Service, image: string, { store, registryHost }: PipelineDeps): Promise<boolean> {
  const prefix = `${registryHost}/${image}`;
  const ours = (reference: string) => reference === prefix || reference.startsWith(`${prefix}:`);
  for (const branch of await store.decisions.branches(service.name)) {
    const baseline = await store.builds.baseline(service.name, branch);
    if (baseline && Object.keys(baseline.inputs.bases).some(ours)) return true;
  }
  return false;
}

function look(
  kind: 'sweep' | 'base-image',
  repository: string,
  services: readonly string[],
  ref: string | null,
  dueAt: number,
): NewLook {
  const trigger = { kind, deliveryId: null, by: null };
  return { trigger, repository, ref, services, before: null, after: null, dueAt };
}
