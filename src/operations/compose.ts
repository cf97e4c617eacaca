import { SlipwayError } from '../errors.js';
import type { DeploySettings, Environment } from '../model/environment.js';
import type { Release } from '../model/release.js';
import type { RunFileFault } from '../model/run-file.js';
import type { Service } from '../model/service.js';
import { nearNames } from '../near-names.js';
import { effectiveFile } from '../specification/effective-file.js';
import { specify, type SpecifyDeps } from '../specification/specify.js';
import type { Store } from '../store/contract.js';
import type { ComposeCall } from './contract.js';
import { serviceOf } from './service-of.js';

export interface ComposeDeps extends Omit<SpecifyDeps, 'store'> {
  readonly store: { readonly releases: Pick<Store['releases'], 'get' | 'page' | 'texts'> };
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

/** Fails with `unknown-environment` or `service-not-in-environment`. */
function placeOf(
  { name, deploy }: Service,
  wanted: string,
  { environments }: Pick<ComposeDeps, 'environments'>,
): { readonly environment: Environment; readonly deploy: DeploySettings } {
  const environment = environments().get(wanted);
  if (environment === undefined) {
    const suggestions = nearNames(wanted, environments().keys());
    const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
    const extra = { suggestions };
    throw new SlipwayError('unknown-environment', `No environment is called ${JSON.stringify(wanted)}.${hint}`, {
      extra,
    });
  }
  if (deploy?.environments.includes(wanted)) return { environment, deploy };
  const setting = `services.${name}.deploy.environments`;
  throw new SlipwayError('service-not-in-environment', `${name} is not deployed in ${wanted}: see \`${setting}\`.`);
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

/** The order in which codes stand for several faults: only a valid file shows all that is not allowed. */
const codes = ['run-file-invalid', 'run-file-not-allowed', 'variable-missing'] as const;

function runFileFault(faults: readonly RunFileFault[], what: string): SlipwayError {
  const code = codes.find((one) => faults.some((fault) => fault.code === one)) ?? 'run-file-invalid';
  const first = faults.find((fault) => fault.code === code);
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const said = first === undefined ? '' : `: ${first.file}:${first.line}:${first.column}: ${first.message}`;
  return new SlipwayError(code, `${what}${said}${more}`, { extra: { faults } });
}
