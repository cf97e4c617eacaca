import { randomUUID } from 'node:crypto';
import { SlipwayError } from '../errors.js';
import { branchRef, fullRefName } from '../git-ref.js';
import type { Delivery } from '../model/delivery.js';
import type { NewLook } from '../model/look.js';
import { nearNames } from '../near-names.js';
import type { QueueDeps } from '../queue/deps.js';
import type { Announced, LookCall } from './contract.js';

export interface LookDeps extends QueueDeps {
  /** The repository of the central dockerfiles, or null. */
  readonly centralDockerfiles: () => { readonly repository: string } | null;
}

/** What a look at a repository is about: its name in the configuration, and the services that it may build. `unknown-repository`. */
function subjectOf(
  repository: string,
  { services, centralDockerfiles }: LookDeps,
): Omit<Announced, 'deliveryId'> & {
  readonly repository: string;
} {
  const isNamed = (name: string) => name.toLowerCase() === repository.toLowerCase();
  const all = [...services().values()];
  const own = all.filter((service) => isNamed(service.repository));
  const central = centralDockerfiles();
  const isCentral = central !== null && isNamed(central.repository);
  const name = own[0]?.repository ?? (isCentral ? central.repository : null);
  if (name !== null) return { repository: name, services: (isCentral ? all : own).map((service) => service.name) };
  const suggestions = nearNames(repository.toLowerCase(), new Set(all.map((service) => service.repository)));
  const hint = suggestions.length === 0 ? '' : ` Did you mean ${suggestions.join(' or ')}?`;
  const message = `No service uses the repository ${JSON.stringify(repository)}.${hint}`;
  throw new SlipwayError('unknown-repository', message, { extra: { suggestions } });
}

/** Accepts a look at a repository, at one branch or all that are known, as a delivery of its own. `unknown-repository`. */
export async function look(call: LookCall, id: string | null, deps: LookDeps): Promise<Announced> {
  const { store, clock, events, log } = deps;
  const { repository, services } = subjectOf(call.repository, deps);
  const delivery: Delivery = {
    id: id ?? randomUUID(),
    event: 'look',
    repository,
    branch: call.branch,
    before: null,
    after: null,
    receivedAt: clock.now(),
    status: 'accepted',
    reason: null,
  };
  const asked: NewLook = {
    trigger: { kind: 'api', deliveryId: delivery.id, by: call.by },
    repository,
    ref: call.branch === null ? null : fullRefName(branchRef(call.branch)),
    services: null,
    before: null,
    after: null,
    dueAt: clock.now(),
  };
  if ((await store.deliveries.accept(delivery, asked)) === 'accepted') {
    log.info({ delivery: delivery.id, repository, branch: call.branch, by: call.by }, 'look asked for');
    events.publish({ type: 'delivery', id: delivery.id, status: delivery.status });
    events.publish({ type: 'look' });
  }
  return { deliveryId: delivery.id, services };
}
