import type { Labels } from '../../container-labels.js';
import { isUp } from '../../decide/decide-host.js';
import { SlipwayError } from '../../errors.js';
import type { DeploymentEnd } from '../../store/contract.js';
import { adoptedSpecification, type Adopted } from './adopted-specification.js';
import type { HostWork, Target } from './host-work.js';
import { isSealed, lookAtPair, type OwnedContainer } from './look-at-pair.js';
import { whileReached } from './persist.js';
import type { Reached } from './reach-hosts.js';
import { Stopped } from './stopped.js';

/**
 * Makes what runs desired, with the settings that it has, and changes nothing on the hosts. With `force` it takes containers of the service
 * that name this instance without its seal. A host that does not run the image of the release is brought to it later. Fails with
 * `no-release` if none does.
 */
export async function adoptObserved(target: Target, { works, leftOut }: Reached): Promise<DeploymentEnd> {
  const found: Found[] = [];
  const others: string[] = [];
  for (const work of works) {
    const one = await whileReached(work, () => runningOn(target, work));
    if (one === null) others.push(work.host.name);
    else found.push(one);
  }
  const [first] = works;
  if (found.length === 0)
    throw new SlipwayError('no-release', `No host runs release ${target.release} any more.`, {
      extra: { host: first?.host.name ?? null },
    });
  for (const work of works) {
    await whileReached(work, () => take(target, work));
    if (others.includes(work.host.name))
      await work.attempt.notes.caution(`${work.host.name} does not run the release: it is brought to it afterwards`);
    else await work.attempt.notes.phase(work.host.name, 'done');
  }
  const { specification: today } = target;
  const specification = first === undefined ? today : adoptedSpecification(today, found, first.deps.labels);
  return {
    status: 'succeeded',
    desired: { wanted: 'running', behind: [...leftOut, ...others], specification },
    verified: found.every(({ isVerified }) => isVerified),
  };
}

interface Found extends Adopted {
  readonly isVerified: boolean;
}

/** Null: the host does not run it. */
async function runningOn(target: Target, work: HostWork): Promise<Found | null> {
  const { host, deps } = work;
  const { parameters, publish, image } = target.specification;
  const present = await lookAtPair(host, target, labelsFor(work));
  const running = present.find((one) => isUp(one) && runsImage(one, image, target.release));
  if (running === undefined) return null;
  const { id, spec, restart, observed } = running;
  const seen = await host.containers.inspect(id, { parameters, publish: publish[host.name] ?? null });
  // Only a container that was verified has another policy; see `markVerified`. By its seal, whether or not somebody took it.
  const isVerified = isSealed(observed, deps.labels) && restart.name !== 'no';
  return { host: host.name, spec, parameters: seen?.parameters ?? null, isVerified };
}

/** If the image is gone, the label has to do. */
function runsImage({ observed: { digests }, release }: OwnedContainer, image: string, number: number): boolean {
  if (digests.length === 0) return release === number;
  return digests.some((one) => digestOf(one) === digestOf(image));
}

const digestOf = (reference: string): string => reference.slice(reference.indexOf('@') + 1);

/** With `force` a container is what it claims to be. */
function labelsFor({ attempt, deps: { labels } }: HostWork): Pick<Labels, 'read'> {
  if (!attempt.deployment.force) return labels;
  return { read: (container) => labels.read(container) ?? labels.claim(container) };
}

/** From now on those that only claim to be ours are, also the stopped ones. They are remembered first. */
async function take(target: Target, work: HostWork): Promise<void> {
  const { host, attempt, deps } = work;
  const { deployment, notes } = attempt;
  if (!deployment.force) return;
  for (const { observed } of await lookAtPair(host, target, labelsFor(work))) {
    const { id, name, restart } = observed;
    if (deps.labels.read(observed) !== null) continue;
    const taken = [{ host: host.name, id, name, restart }];
    if (!(await deps.store.deployments.adopts(deployment, taken))) throw new Stopped('lost');
    deps.labels.take(id);
    await notes.say(`took ${name}, which names this instance without its seal`, host.name);
  }
}
