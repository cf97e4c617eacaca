import { SlipwayError } from '../../errors.js';

/** True for the name of a central folder: a service's name, or `_…` for a folder that services share. */
export function isCentralFolder(name: string): boolean {
  return /^_?[a-z0-9][a-z0-9._-]*$/.test(name);
}

/**
 * Returns the name if a central folder can have it.
 * @throws SlipwayError `unsafe-path` for a name that could mean another folder.
 */
export function checkCentralFolder(name: string): string {
  if (isCentralFolder(name)) return name;
  throw new SlipwayError('unsafe-path', `${JSON.stringify(name)} cannot be the name of a central folder.`);
}
