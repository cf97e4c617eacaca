import { SlipwayError } from '../../errors.js';

/**
 * The folder of a service in the central dockerfiles: its name.
 * @throws SlipwayError `unsafe-path` for a name that could mean another folder.
 */
export function checkServiceFolder(service: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(service)) return service;
  throw new SlipwayError('unsafe-path', `${JSON.stringify(service)} cannot be the name of a service's folder.`);
}

/** The same promise for the same name; one that failed is asked for again. */
export function onceEach<T>(ask: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (name) => {
    const known = asked.get(name);
    if (known) return known;
    const answer = ask(name);
    asked.set(name, answer);
    answer.catch(() => asked.delete(name));
    return answer;
  };
}
