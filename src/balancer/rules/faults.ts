import { SlipwayError } from '../../errors.js';

/** Characters of a balancer's words that are kept. */
const MAX_WORDS = 2_000;

/** `who`: the balancer, at the start of the message. */
export const unavailable = (who: string, why: string, cause?: unknown): SlipwayError =>
  new SlipwayError('balancer-unavailable', `${who}: ${why.slice(0, MAX_WORDS)}`, { cause });

/** Likewise. No waiting heals it. */
export const refused = (who: string, why: string): SlipwayError =>
  new SlipwayError('balancer-refused', `${who}: ${why.slice(0, MAX_WORDS)}`);
