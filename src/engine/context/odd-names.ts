import { SlipwayError } from '../../errors.js';

/** Engines before 23 take a name that is not UTF-8 with its bytes. Newer ones end the sync. */
export const notUtf8 = (name: string): SlipwayError =>
  new SlipwayError(
    'name-not-utf8',
    `The name of the file ${shown(name)} is not UTF-8, and the engine does not take it.`,
  );

/** A name with a mark for each byte that is not UTF-8. */
const shown = (name: string): string => JSON.stringify(name.replace(/\p{Surrogate}/gu, '\uFFFD'));
