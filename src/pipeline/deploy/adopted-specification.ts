import type { Labels } from '../../container-labels.js';
import type { KeptSpecification } from '../../model/deployment.js';
import type { EnvironmentValue, Parameters } from '../../model/parameters.js';
import { specText } from '../../specification/spec-text.js';

/** A container that is adopted, as it was read with the specification of today. */
export interface Adopted {
  readonly host: string;
  /** What its label says. */
  readonly spec: string;
  /** Null: its image is gone, so nobody knows. */
  readonly parameters: Parameters | null;
}

/**
 * What containers were created from that are found running, as far as they tell. `today`: what their release would be run with now. It says
 * what nobody can see in a container: which values are secret, and how a version is asked for. If hosts differ, the first counts; the others
 * have drift.
 */
export function adoptedSpecification(
  today: KeptSpecification,
  adopted: readonly Adopted[],
  labels: Pick<Labels, 'specOf'>,
): KeptSpecification {
  const found = adopted.find(({ parameters }) => parameters !== null)?.parameters ?? today.parameters;
  const environment = Object.entries(found.environment).map(([name, value]): [string, EnvironmentValue] => {
    const known = today.parameters.environment[name];
    // Of a value that today's settings do not explain nobody knows whether it is secret.
    return [name, known?.value === value.value ? known : { ...value, secret: true, written: `\${${name}}` }];
  });
  const { adoptedSpecs: _, ...rest } = today;
  const specification = { ...rest, parameters: { ...found, environment: Object.fromEntries(environment) } };
  const others = adopted.filter(({ host, spec }) => labels.specOf(specText(specification, host)) !== spec);
  if (others.length === 0) return specification;
  return { ...specification, adoptedSpecs: Object.fromEntries(others.map(({ host, spec }) => [host, spec])) };
}
