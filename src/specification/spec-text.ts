import type { Labels } from '../container-labels.js';
import type { KeptSpecification, SpecOn } from '../model/deployment.js';

/**
 * The canonical text of what a host's container is created from, secrets included, so that equal containers have equal texts. How a value is
 * written and what it is verified with are left out: they change no container. See `Labels.specOf`.
 */
export function specText({ image, parameters, publish }: KeptSpecification, host: string): string {
  const environment = Object.entries(parameters.environment).map(([name, { value }]) => [name, value] as const);
  return canonical({
    image,
    publish: publish[host] ?? null,
    parameters: { ...parameters, environment: Object.fromEntries(environment) },
  });
}

/** By the labels of this instance. Containers that were adopted keep what theirs say. */
export const createSpecOn =
  (labels: Pick<Labels, 'specOf'>): SpecOn =>
  (specification, host) =>
    specification.adoptedSpecs?.[host] ?? labels.specOf(specText(specification, host));

/** JSON with the keys of every object in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
