import { SlipwayError } from '../../errors.js';

/** What this reading cannot make sense of. The engine gets the Dockerfile as it is, and its verdict counts. */
export function unread(what: string): SlipwayError {
  return new SlipwayError('dockerfile-unread', `the Dockerfile is not understood (${what})`);
}

export const unreadLine = ({ line }: { readonly line: number }, what: string): SlipwayError =>
  unread(`line ${line}: ${what}`);
