import { containerName } from '../../container-labels.js';
import type { HostImage } from '../../hosts/contract.js';
import type { VolumeMount } from '../../model/container.js';
import { requireLease } from './attempt.js';
import type { HostWork } from './host-work.js';
import type { OwnedContainer } from './look-at-pair.js';
import { ownInit, twoInits } from './own-init.js';
import { localImage, wantedOn, type Side } from './side.js';
import { throwIfStopped } from './stopped.js';
import { whileItPasses } from './while-it-passes.js';

/**
 * Pulls the image of a side and creates its container, which is not started. It has the restart policy `no` until it is verified. `present`:
 * our containers on the host. Fails as `HostImages.pull` and `Containers.create`.
 */
export async function createContainer(side: Side, present: readonly OwnedContainer[], work: HostWork): Promise<void> {
  const { host, attempt, deps } = work;
  const { service, environment, deploymentId: deployment, release, specification } = side;
  const { parameters, publish } = specification;
  const { name: image, found } = await haveImage(side, work);
  const identity = {
    environment,
    service,
    release,
    deployment,
    spec: wantedOn(host.name, side, deps.labels).spec,
  };
  const takeOver = await volumesOf(present, found, side, work);
  const init = found === null ? null : ownInit(parameters, found);
  if (init !== null) await attempt.notes.caution(twoInits(init));
  await requireLease(attempt, deps);
  const { warnings } = await host.containers.create({
    name: containerName(identity),
    image,
    labels: deps.labels.of(identity),
    parameters,
    publish: publish[host.name] ?? null,
    restart: { name: 'no', maxRetries: 0 },
    takeOver,
  });
  for (const warning of warnings) await attempt.notes.caution(`${host.name}: ${warning}`);
}

/** Makes sure that the host has the image, under the local name of the deployment. `found` is null if somebody removed it since. */
async function haveImage({ service, deploymentId, specification }: Side, work: HostWork) {
  const { host, attempt, deps } = work;
  const { image } = specification;
  const name = localImage(service, deploymentId);
  const [named, present] = await Promise.all([host.images.find(name), host.images.find(image)]);
  if (named !== null) return { name, found: named };
  if (present === null) await attempt.notes.step('pull the image', host.name, () => pull(image, work));
  await requireLease(attempt, deps);
  const [found] = await Promise.all([present ?? host.images.find(image), host.images.tag(image, name)]);
  return { name, found };
}

/** Tries again what may pass, until `timeouts.pull`. */
async function pull(image: string, { host, attempt, deps }: HostWork): Promise<void> {
  const { clock } = deps;
  const { signal, environment, notes } = attempt;
  await whileItPasses({ limit: environment.timeouts.pull, clock, signal, ...notes.waits(host.name) }, async () => {
    await requireLease(attempt, deps);
    await host.images.pull(image, deps.pullCredentials(), signal);
    throwIfStopped(signal);
  });
}

/** The volumes at places of the image's `VOLUME` that the run file does not cover: those of the container that is replaced. */
async function volumesOf(
  present: readonly OwnedContainer[],
  image: HostImage | null,
  { specification: { parameters } }: Side,
  { attempt }: HostWork,
): Promise<readonly VolumeMount[]> {
  const places = image?.volumes ?? [];
  const covered = new Set([...parameters.mounts.map(({ target }) => target), ...Object.keys(parameters.tmpfs)]);
  const open = places.filter((place) => !covered.has(place));
  if (open.length > 0)
    await attempt.notes.caution(`The run file has no volume for ${open.join(', ')}, where the image keeps data.`);
  const [latest] = [...present].sort((a, b) => startOf(b) - startOf(a));
  return (latest?.observed.volumes ?? []).filter(({ target }) => open.includes(target));
}

const startOf = ({ observed }: OwnedContainer): number => observed.state.startedAt ?? 0;
