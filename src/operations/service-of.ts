import { SlipwayError } from '../errors.js';
import type { Service } from '../model/service.js';
import type { QueueDeps } from '../queue/deps.js';

/** The service of that name, or `unknown-service`. */
export function serviceOf(name: string, { services }: Pick<QueueDeps, 'services'>): Service {
  const service = services().get(name);
  if (service) return service;
  throw new SlipwayError('unknown-service', `No service is called ${JSON.stringify(name)}.`);
}
