import type { Desired, KeptSpecification } from '../../model/deployment.js';
import type { Deployments } from '../../store/deployment-contract.js';

/** What the database says of an environment, at one look. */
export interface Expected {
  /** Null: nothing is desired. */
  desired(service: string): Desired | null;
  /** Whether there is a deployment of that id. */
  isStored(deployment: string): Promise<boolean>;
  /** What its containers are created from. */
  specification(deployment: string): Promise<KeptSpecification | null>;
}

export type ReadExpected = (environment: string) => Promise<Expected>;

/** Ids that are remembered. A deployment that is known stays so while containers of it are around. */
const MAX_REMEMBERED = 20_000;

export interface ExpectedStore {
  readonly deployments: Pick<Deployments, 'allDesired' | 'get' | 'specification'>;
}

/** What should run, from the database. */
export function createExpected({ deployments }: ExpectedStore): ReadExpected {
  const known = new Set<string>();
  const isStored = async (id: string): Promise<boolean> => {
    if (known.has(id)) return true;
    if ((await deployments.get(id)) === null) return false;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.add(id);
    return true;
  };
  return async (environment) => {
    const all = await deployments.allDesired(environment);
    const byService = new Map(all.map((desired) => [desired.service, desired]));
    const ids = new Set(all.map(({ deploymentId }) => deploymentId));
    return {
      desired: (service) => byService.get(service) ?? null,
      isStored: async (id) => ids.has(id) || isStored(id),
      specification: (id) => deployments.specification(id),
    };
  };
}
