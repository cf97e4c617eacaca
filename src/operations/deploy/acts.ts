import { SlipwayError } from '../../errors.js';
import type { Deployment, Desired } from '../../model/deployment.js';
import { environmentOf, placeOf } from '../../pipeline/deploy/place.js';
import { deployedRelease } from '../../specification/kept-specification.js';
import { serviceOf } from '../service-of.js';
import { ask } from './ask.js';
import type { ActCall } from './contract.js';
import type { DeployDeps } from './deps.js';
import { noRelease } from './no-release.js';
import { observedRelease, observedRunning, specificationToAdopt } from './observed-release.js';
import { rollback } from './rollback.js';

type Claim = () => Promise<string>;

/** Stores what is to be done with what is desired of a service. */
export async function act(call: ActCall, claim: Claim, deps: DeployDeps): Promise<Deployment> {
  switch (call.act) {
    case 'rollback':
      return rollback(call, claim, deps);
    case 'adopt':
      return adoptObserved(call, claim, deps);
    case 'restart':
    case 'stop':
    case 'start':
    case 'remove':
      return again(call, call.act, claim, deps);
  }
}

/** Concerns the containers that were made for what is desired, with the parameters of then. */
async function again(
  { service: name, environment, by }: ActCall,
  what: 'restart' | 'stop' | 'start' | 'remove',
  claim: Claim,
  deps: DeployDeps,
): Promise<Deployment> {
  const { service, desired } = await desiredOf(name, environment, deps);
  const removes = what === 'remove';
  if (desired === null) throw noRelease(`Nothing of ${service} was deployed in ${environment}.`);
  const { release, specification } = desired;
  const kind = removes ? 'stop' : what;
  return ask({ kind, service, environment, release, specification, removes, by }, claim, deps);
}

/** What has left the configuration can still be stopped, so its name only has to be known to one of both. */
async function desiredOf(
  name: string,
  environment: string,
  deps: DeployDeps,
): Promise<{ readonly service: string; readonly desired: Desired | null }> {
  environmentOf(environment, deps);
  const desired = await deps.store.deployments.desired(environment, name);
  if (desired === null) placeOf(serviceOf(name, deps), environment, deps);
  return { service: name, desired };
}

/** Makes what runs desired. What each container was created from is for the hosts to say. */
async function adoptObserved(
  { service: name, environment, by, force }: ActCall & { readonly act: 'adopt' },
  claim: Claim,
  deps: DeployDeps,
): Promise<Deployment> {
  const service = serviceOf(name, deps);
  const place = placeOf(service, environment, deps);
  const desired = await deps.store.deployments.desired(environment, name);
  const running = observedRunning(name, place.environment, force, desired, deps);
  const release = await observedRelease(service, running, deps);
  const made = await specificationToAdopt({ release, ...place }, deps);
  const asked = { kind: 'adopt', service: name, environment, by, force } as const;
  return ask({ ...asked, release: deployedRelease(release), ...made }, claim, deps);
}

/** Fails with `invalid-request` unless the name of the service is repeated. */
export function requireConfirmation(service: string, confirm: string | null): void {
  if (confirm === service) return;
  throw new SlipwayError('invalid-request', `\`confirm\` has to be the name of the service: ${service}.`);
}
