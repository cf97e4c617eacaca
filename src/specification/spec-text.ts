import type { KeptSpecification } from '../model/deployment.js';

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

/** JSON with the keys of every object in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
