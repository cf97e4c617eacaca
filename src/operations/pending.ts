import { pendingFields } from '../decide/pending-fields.js';
import type { Desired } from '../model/deployment.js';
import type { DeploySettings, Environment } from '../model/environment.js';
import type { Service } from '../model/service.js';
import type { Difference } from '../run-file/diff.js';
import { keptSpecification } from '../specification/kept-specification.js';
import { specify, type SpecifyDeps } from '../specification/specify.js';
import type { Store } from '../store/contract.js';
import type { PendingChanges } from './contract.js';

export interface PendingDeps extends Omit<SpecifyDeps, 'store'> {
  readonly store: {
    readonly releases: Pick<Store['releases'], 'get' | 'texts'>;
    readonly deployments: Pick<Store['deployments'], 'allDesired'>;
    readonly formerNames: Pick<Store['formerNames'], 'first'>;
  };
  readonly services: () => ReadonlyMap<string, Service>;
  readonly environments: () => ReadonlyMap<string, Environment>;
}

interface Kept {
  readonly deploymentId: string;
  readonly environment: Environment;
  readonly deploy: DeploySettings;
  readonly fields: Promise<readonly Difference[]>;
}

/** See `PendingChanges`. An answer is kept until the configuration or what is desired changes. */
export function createPending(deps: PendingDeps): PendingChanges {
  const kept = new Map<string, Kept>();
  const of = async (desired: Desired): Promise<readonly Difference[]> => {
    const { service, deploymentId } = desired;
    const key = `${desired.environment}/${service}`;
    const environment = deps.environments().get(desired.environment);
    const deploy = deps.services().get(service)?.deploy;
    if (!environment || !deploy?.environments.includes(environment.name)) {
      kept.delete(key);
      return [];
    }
    const last = kept.get(key);
    // A configuration that is read again consists of new objects.
    if (last?.deploymentId === deploymentId && last.environment === environment && last.deploy === deploy)
      return last.fields;
    const fields = findPending(desired, environment, deploy, deps);
    kept.set(key, { deploymentId, environment, deploy, fields });
    fields.catch(() => kept.delete(key));
    return fields;
  };
  return {
    of,
    async counts() {
      const all = await deps.store.deployments.allDesired();
      return Promise.all(
        all.map(async (desired) => {
          const { environment, service } = desired;
          return { environment, service, count: (await of(desired)).length };
        }),
      );
    },
  };
}

async function findPending(
  { service, release: { number }, specification: before }: Desired,
  environment: Environment,
  deploy: DeploySettings,
  deps: PendingDeps,
): Promise<readonly Difference[]> {
  const release = await deps.store.releases.get(service, number);
  if (release === null) return [];
  const { specification, faults } = await specify({ release, environment, deploy }, deps);
  if (specification !== null) return pendingFields(before, keptSpecification(specification, environment));
  return faults.map(({ code, message }) => ({ field: code, from: null, to: message, secret: false }));
}
