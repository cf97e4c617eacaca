import type { FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import { nearNames } from '../near-names.js';
import { wantsPage } from './pages.js';
import type { App } from './route.js';

/**
 * Refuses query parameters that an address does not have (`invalid-request`, with `suggestions` of similar names): an answer without the
 * filter that was meant would be about something else. Must be installed after the access control.
 */
export function installKnownQuery(app: App): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { schema, url } = request.routeOptions;
    // Pages keep their filters in the address. Those of the documents load their files in their own way.
    if (url === '/' && wantsPage(request)) return done();
    if (schema?.operationId !== undefined && !request.is404) requireKnown(request, parametersOf(schema.querystring));
    done();
  });
}

function parametersOf(querystring: unknown): readonly string[] {
  const properties = (querystring as { readonly properties?: object } | undefined)?.properties;
  return Object.keys(properties ?? {});
}

function requireKnown({ query }: FastifyRequest, known: readonly string[]): void {
  const given = Object.entries(query as Record<string, unknown>);
  const faults = given.flatMap(([name, value]) => {
    const message = faultOf(name, value, known);
    return message === null ? [] : [{ field: name, message }];
  });
  if (faults.length === 0) return;
  const suggestions = [...new Set(faults.flatMap(({ field }) => nearOf(field, known)))];
  const sentence = faults.map(({ field, message }) => `${JSON.stringify(field)} ${message}`).join('; ');
  throw new SlipwayError('invalid-request', `${sentence}.`, { extra: { faults, suggestions } });
}

function faultOf(name: string, value: unknown, known: readonly string[]): string | null {
  if (known.includes(name)) return Array.isArray(value) ? 'is given more than once' : null;
  if (known.length === 0) return 'is not a parameter of this call, which has none';
  const near = nearOf(name, known);
  if (near.length === 0) return `is not a parameter of this call, which has ${known.join(', ')}`;
  return `is not a parameter of this call (did you mean ${near.join(' or ')}?)`;
}

/** None of the names that are known already. */
function nearOf(name: string, known: readonly string[]): readonly string[] {
  return known.includes(name) ? [] : nearNames(name.toLowerCase(), known);
}
