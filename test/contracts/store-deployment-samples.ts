import type {
  DeployedRelease,
  Deployment,
  DeploymentError,
  DeploymentKind,
  KeptSpecification,
  NewDeployment,
} from '../../src/model/deployment.js';
import type { DeploymentEnd, Store } from '../../src/store/contract.js';
import { plainParameters } from '../support/random-parameters.js';
import { head, live } from './store-samples.js';

export const deployed = (number: number, over: Partial<DeployedRelease> = {}): DeployedRelease => ({
  number,
  branch: 'main',
  commit: head('a'),
  tag: `1.${number}`,
  digest: `sha256:${number}`,
  ...over,
});

export const specification = (image: string): KeptSpecification => ({
  image: `registry.test/app@${image}`,
  parameters: {
    ...plainParameters,
    environment: { DB_PASSWORD: { value: 'secret', secret: true, written: '${DB_PASSWORD}' } },
  },
  verify: null,
  secretVerifyKeys: ['headers'],
  publish: { a: '10.0.0.11', b: null },
});

let deployments = 0;

/** One of the pair (production, app), asked for by a person. */
export function newDeployment(number: number, over: Partial<NewDeployment> = {}): NewDeployment {
  const release = over.release === undefined ? deployed(number) : over.release;
  return {
    id: `d${String((deployments += 1)).padStart(5, '0')}`,
    kind: 'deployment',
    service: 'app',
    environment: 'production',
    release,
    specification: release && specification(release.digest),
    requester: { by: 'deployer', person: true },
    reference: null,
    reason: null,
    force: false,
    adopt: [],
    useKept: false,
    removes: false,
    callbackUrl: null,
    only: null,
    build: null,
    warnings: [],
    ...over,
  };
}

export const slipway = { by: 'slipway', person: false };

/** It runs on every host, and was verified. */
export const verified: Extract<DeploymentEnd, { readonly status: 'succeeded' }> = {
  status: 'succeeded',
  desired: { wanted: 'running', behind: [] },
  verified: true,
};

export const fault = (code: DeploymentError['code'] = 'container-start-failed'): DeploymentError => ({
  code,
  message: 'It did not work.',
  host: 'a',
  blame: 'service',
  faults: [],
});

export async function add(store: Store, deployment: NewDeployment, now = 1000): Promise<Deployment> {
  const added = await store.deployments.add(deployment, now);
  if (added === null) throw new Error(`${deployment.id} is not stored`);
  return added.deployment;
}

/** Adds a deployment and begins it. */
export async function start(store: Store, deployment: NewDeployment, worker = 'w', now = 2000): Promise<Deployment> {
  await add(store, deployment);
  await live(store, worker);
  const claimed = await store.deployments.claim(deployment.id, worker, now);
  if (claimed === null) throw new Error(`${deployment.id} is not claimed`);
  return claimed;
}

/** Runs a deployment to that end. */
export async function run(
  store: Store,
  deployment: NewDeployment,
  end: DeploymentEnd = verified,
  now = 3000,
): Promise<Deployment> {
  const { id, claim } = await start(store, deployment);
  if (!(await store.deployments.finish({ id, claim }, end, now))) throw new Error(`${id} does not end`);
  return (await store.deployments.get(id)) as Deployment;
}

/** Runs one of a kind, which is verified. */
export const go = (
  store: Store,
  number: number,
  kind: DeploymentKind = 'deployment',
  over: Partial<NewDeployment> = {},
) => run(store, newDeployment(number, { kind, ...over }));
