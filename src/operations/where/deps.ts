import type { GitHost } from '../../git/contract.js';
import type { SpecOn } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { Observations } from '../../pipeline/observe/contract.js';
import type { Store } from '../../store/contract.js';
import type { Waiting } from '../contract.js';

export interface WhereDeps {
  readonly store: Pick<Store, 'builds' | 'decisions' | 'deployments' | 'releases' | 'tags'>;
  readonly git: Pick<GitHost, 'mirror'>;
  readonly observations: Observations;
  readonly specOn: SpecOn;
  readonly waiting: Pick<Waiting, 'ofDeployments'>;
  readonly environments: () => ReadonlyMap<string, Environment>;
}
