import type { Origins, Parameters, RestartPolicy } from '../model/parameters.js';
import type { Variables, Verify } from '../model/run-file.js';
import { readAttached } from './attached-fields.js';
import { readEnvironment } from './environment-values.js';
import type { Findings } from './faults.js';
import { Fields, fieldNames } from './fields.js';
import { checkImage } from './image-name.js';
import { readLimits, type LimitDefaults } from './limit-fields.js';
import { readNetwork } from './network-fields.js';
import { mapOf, valueOf, type Mapping } from './node.js';
import { readProcess } from './process-fields.js';
import { readStorage } from './storage-fields.js';
import { readVerify } from './verify.js';

/** What a run file is read for. */
export interface Surroundings {
  /** The service whose name its volumes have. */
  readonly service: string;
  readonly environment: string;
  /** The repository of the service's images, `[host/]name`. */
  readonly repository: string;
  /** Variables of the environment, and over them those of the service. */
  readonly variables: Variables;
  /** The environment's `defaults`. Null: the built-in ones. */
  readonly defaults: LimitDefaults & { readonly restart: RestartPolicy | null };
  /** Whether a balancer has to know the ports of the hosts. */
  readonly balancer: boolean;
}

export interface Normalised {
  readonly parameters: Parameters;
  readonly origins: Origins;
  readonly verify: Verify | null;
}

/** Where the variables of an environment are set. */
export const variablesSetting = (environment: string): string => `environments.${environment}.variables`;

/**
 * The parameters that a whole run file means: canonical, with defaults, and with the origin of each. What is wrong becomes a fault and
 * counts as missing.
 */
export function normalise(root: Mapping, surroundings: Surroundings, findings: Findings): Normalised {
  const service = onlyService(root, findings);
  const fields = new Fields(service, findings);
  checkImage(fields, surroundings.repository);
  warnOfNothing(root, findings);
  const prefix = `${surroundings.service}.${surroundings.environment}.`;
  const parameters: Parameters = {
    ...readProcess(fields, surroundings.defaults.restart),
    ...readNetwork(fields, surroundings.balancer),
    ...readStorage(fields, { declared: valueOf(root, 'volumes'), prefix }),
    ...readLimits(fields, surroundings.defaults),
    ...readAttached(fields),
    environment: readEnvironment(fields, surroundings.variables, variablesSetting(surroundings.environment)),
  };
  for (const name of Object.values(fieldNames)) {
    if (!fields.origins.has(name)) fields.origins.set(name, { kind: 'default' });
  }
  return { parameters, origins: Object.fromEntries(fields.origins), verify: readVerify(service, fields) };
}

/** The service of the file; an empty one if there is no file, or a fault. */
function onlyService(root: Mapping, findings: Findings): Mapping {
  const none = mapOf(new Map(), root);
  const services = root.entries.get('services');
  const [first, second] = services?.value.kind === 'map' ? services.value.entries : [];
  if (second !== undefined) {
    const [name, { place }] = second;
    findings.fault(place, `\`${name}\` is a second service beside \`${first?.[0]}\`. A run file has exactly one.`);
  } else if (first === undefined && root.entries.size > 0) {
    findings.fault(services?.place ?? root.place, 'The file has no service. Write it under `services`.');
  }
  return first?.[1].value.kind === 'map' ? first[1].value : none;
}

function warnOfNothing(root: Mapping, findings: Findings): void {
  for (const key of ['name', 'version']) {
    const entry = root.entries.get(key);
    if (entry !== undefined) findings.warning(entry.place, `\`${key}\` has no effect; remove it.`);
  }
}
