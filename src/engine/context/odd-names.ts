import { SlipwayError } from '../../errors.js';

/** Engines before 23 take a name that is not UTF-8 with its bytes. Newer ones end the sync. */
export const notUtf8 = (name: string): SlipwayError =>
  new SlipwayError(
    'name-not-utf8',
    `The name of the file ${shown(name)} is not UTF-8, and the engine does not take it.`,
  );

/** The error of a build, with the name where the engine refused one of these without saying which. */
export function withOddName(error: unknown, names: readonly string[]): unknown {
  const [name] = names;
  const refused = error instanceof SlipwayError && error.code === 'name-not-utf8';
  return refused && name !== undefined ? notUtf8(name) : error;
}

/** A name with a mark for each byte that is not UTF-8. */
const shown = (name: string): string => JSON.stringify(name.replace(/\p{Surrogate}/gu, '\uFFFD'));
