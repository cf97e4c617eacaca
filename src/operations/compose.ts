import { SlipwayError } from '../errors.js';
import type { Environment } from '../model/environment.js';
import type { Release } from '../model/release.js';
import type { Service } from '../model/service.js';
import { placeOf } from '../pipeline/deploy/place.js';
import { effectiveFile } from '../specification/effective-file.js';
import { runFileFault } from '../specification/run-file-fault.js';
import { specify, type SpecifyDeps } from '../specification/specify.js';
import type { Store } from '../store/contract.js';
import type { ComposeCall } from './contract.js';
import { serviceOf } from './service-of.js';

export interface ComposeDeps extends Omit<SpecifyDeps, 'store'> {
  readonly store: { readonly releases: Pick<Store['releases'], 'get' | 'page' | 'texts'> } & Pick<Store, 'formerNames'>;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly environments: () => ReadonlyMap<string, Environment>;
}

/**
 * The effective run file of a release in an environment, as YAML. Fails with `unknown-service`, `unknown-environment`,
 * `service-not-in-environment`, `unknown-release`, `no-release` if no number is given, and with the code of its faults, which are all in
 * `faults`.
 */
export async function compose({ service: name, release: number, environment }: ComposeCall, deps: ComposeDeps) {
  const service = serviceOf(name, deps);
  const { environment: place, deploy } = placeOf(service, environment, deps);
  const release = await releaseOf(name, number, deps);
  const wanted = { release, environment: place, deploy };
  const { specification, faults, warnings } = await specify(wanted, deps);
  if (specification === null) throw runFileFault(faults, `${name}, release ${release.number}, in ${environment}`);
  return effectiveFile(wanted, specification, warnings);
}

async function releaseOf(service: string, number: number | null, { store }: ComposeDeps): Promise<Release> {
  if (number === null) {
    const [newest] = (await store.releases.page({ service, limit: 1, cursor: null })).items;
    if (newest !== undefined) return newest;
    throw new SlipwayError('no-release', `${service} has no release yet; the next build makes one.`);
  }
  const release = await store.releases.get(service, number);
  if (release !== null) return release;
  throw new SlipwayError('unknown-release', `${service} has no release ${number}.`);
}
