import type { Deployment } from '../../model/deployment.js';
import { requireDeployable } from '../../pipeline/deploy/may-deploy.js';
import { placeOf } from '../../pipeline/deploy/place.js';
import { releaseSpecification } from '../../pipeline/deploy/release-specification.js';
import { requireCallbackUrl } from '../../pipeline/notify/send/callback-url.js';
import { deployedRelease } from '../../specification/kept-specification.js';
import { serviceOf } from '../service-of.js';
import { ask } from './ask.js';
import type { DeployCall } from './contract.js';
import type { DeployDeps } from './deps.js';
import { resolve } from './resolve.js';

/** The ticket: checks all that can be known without asking a host, then stores it. */
export async function deploy(call: DeployCall, claim: () => Promise<string>, deps: DeployDeps): Promise<Deployment> {
  const { target, by, force, reference, reason, adopt, callbackUrl } = call;
  const service = serviceOf(call.service, deps);
  const place = placeOf(service, call.environment, deps);
  if (callbackUrl !== null) requireCallbackUrl(callbackUrl, deps.callbackHosts());
  const found = await resolve(target, service, { by }, deps);
  const asked = {
    ...({ kind: 'deployment', service: service.name, environment: place.environment.name } as const),
    ...{ by, force, reference, reason, adopt, callbackUrl },
  };
  if ('build' in found) return ask({ ...asked, release: null, specification: null, build: found.build }, claim, deps);
  const { release } = found;
  await requireDeployable(release, place.environment, force, deps.store.deployments);
  const made = await releaseSpecification({ release, ...place }, deps);
  return ask({ ...asked, release: deployedRelease(release), ...made }, claim, deps);
}
