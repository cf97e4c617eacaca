import type { Deployment, Desired, KeptSpecification } from '../../model/deployment.js';
import type { Deployments } from '../../store/deployment-contract.js';

/** What the database says of an environment, at one look. */
export interface Expected {
  /** Null: nothing is desired. */
  desired(service: string): Desired | null;
  /** A deployment of the service runs there: whether a container survives a reboot is not settled yet. */
  isChanging(service: string): boolean;
  /** Whether there is a deployment of that id. */
  isStored(deployment: string): Promise<boolean>;
  /** What its containers are created from. */
  specification(deployment: string): Promise<KeptSpecification | null>;
}

export type ReadExpected = (environment: string) => Promise<Expected>;

/** Ids that are remembered. A deployment that is known stays so while containers of it are around. */
const MAX_REMEMBERED = 20_000;

export interface ExpectedStore {
  readonly deployments: Pick<Deployments, 'allDesired' | 'get' | 'specification'> & {
    unfinished(): Promise<readonly Pick<Deployment, 'service' | 'environment' | 'status'>[]>;
  };
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
    const [all, unfinished] = await Promise.all([deployments.allDesired(environment), deployments.unfinished()]);
    const running = unfinished.filter((one) => one.environment === environment && one.status === 'running');
    const changing = new Set(running.map(({ service }) => service));
    const byService = new Map(all.map((desired) => [desired.service, desired]));
    const ids = new Set(all.map(({ deploymentId }) => deploymentId));
    return {
      desired: (service) => byService.get(service) ?? null,
      isChanging: (service) => changing.has(service),
      isStored: async (id) => ids.has(id) || isStored(id),
      specification: (id) => deployments.specification(id),
    };
  };
}
