import { SlipwayError } from '../../errors.js';
import { noWishes, type Deployment, type NewDeployment } from '../../model/deployment.js';
import type { DeployDeps } from './deps.js';

/** A request before it has its id. What is left out is not asked for. */
export type Asked = Pick<NewDeployment, 'kind' | 'service' | 'environment' | 'release' | 'specification'> &
  Partial<Omit<NewDeployment, 'id' | 'requester'>> & { readonly by: string };

type AskDeps = Pick<DeployDeps, 'store' | 'events' | 'clock' | 'log'>;

/** Stores what a person asks for under the id that `claim` chooses, and tells listeners. If there is one of that id already, that is it. */
export async function ask(asked: Asked, claim: () => Promise<string>, deps: AskDeps): Promise<Deployment> {
  const { store, clock, log } = deps;
  const { by, ...wishes } = asked;
  const id = await claim();
  const known = await store.deployments.get(id);
  if (known !== null) return known;
  const added = await store.deployments.add(
    { ...noWishes, ...wishes, id, requester: { by, person: true } },
    clock.now(),
  );
  if (added === null) throw new SlipwayError('internal', `The deployment ${id} was not stored.`);
  const { deployment, superseded } = added;
  for (const other of superseded) await announce(other, deps);
  await announce(id, deps);
  const { kind, service, environment, release } = deployment;
  log.info(
    { deployment: id, kind, service, environment, release: release?.number, superseded, by },
    'deployment asked for',
  );
  return deployment;
}

/** Tells listeners of a deployment as it is now. */
export async function announce(id: string, { store, events }: Pick<AskDeps, 'store' | 'events'>): Promise<void> {
  const deployment = await store.deployments.get(id);
  if (deployment === null) return;
  const { service, environment, status } = deployment;
  events.publish({ type: 'deployment', id, service, environment, status });
}
