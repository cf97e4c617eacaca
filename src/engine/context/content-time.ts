import { createHash } from 'node:crypto';

/** 2000-01-01, as in the archive. Layers hold whole seconds, so the nanoseconds never show. */
const fixedTime = 946_684_800_000_000_000n;
const SECOND_NS = 1_000_000_000;

/** As many hexadecimal digits as a number holds exactly. */
const EXACT_DIGITS = 13;
const hexadecimal = /^[0-9a-f]+$/;
const MIN_HASH_DIGITS = 40;

/**
 * Encodes content as a time, in nanoseconds since the epoch. The engine treats files of equal path, mode, size and time as unchanged. Equal
 * contents get equal nanoseconds; others differ, except for one in 10⁹. Null: a folder, which has no content.
 */
export function contentTime(id: string | null): bigint {
  if (id === null) return fixedTime;
  const tail = id.slice(-EXACT_DIGITS);
  const isHash = id.length >= MIN_HASH_DIGITS && hexadecimal.test(tail);
  return fixedTime + BigInt(parseInt(isHash ? tail : hashOf(id).slice(-EXACT_DIGITS), 16) % SECOND_NS);
}

const hashOf = (id: string): string => createHash('sha256').update(id).digest('hex');
