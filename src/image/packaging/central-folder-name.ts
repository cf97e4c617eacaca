import { SlipwayError } from '../../errors.js';

/** Whether a folder of the central dockerfiles can have that name: a service's, or with `_` in front one that services share. */
export function isCentralFolder(name: string): boolean {
  return /^_?[a-z0-9][a-z0-9._-]*$/.test(name);
}

/**
 * The name, where it is that of a folder of the central dockerfiles.
 * @throws SlipwayError `unsafe-path` for a name that could mean another folder.
 */
export function checkCentralFolder(name: string): string {
  if (isCentralFolder(name)) return name;
  throw new SlipwayError('unsafe-path', `${JSON.stringify(name)} cannot be the name of a central folder.`);
}
