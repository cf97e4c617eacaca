import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessToken } from '../access.js';

/** Characters of a digest that say which token it is. */
const MARK_CHARACTERS = 32;

/** The token with that text. Digests have one length, and all are compared, so the time taken reveals nothing about a token. */
export function findToken(given: string, tokens: readonly AccessToken[]): AccessToken | null {
  const wanted = digest(given);
  let found: AccessToken | null = null;
  for (const token of tokens) {
    if (timingSafeEqual(wanted, digest(token.token.reveal()))) found = token;
  }
  return found;
}

/** What a session keeps of a token's text: enough to see that it was changed, and not the text. */
export function markOf({ token }: AccessToken): string {
  return digest(token.reveal()).toString('hex').slice(0, MARK_CHARACTERS);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
