import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Secret } from '../../secret.js';

/** Bytes that are hashed before other work gets its turn: a millisecond or two. */
const TURN_BYTES = 512 * 1024;

const signatureForm = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether a body was signed with one of the secrets. GitHub signs the raw bytes
 * (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). Anybody may send a body of many megabytes, so other
 * work goes on while it is hashed. A body that is empty, or not UTF-8, counts as unsigned.
 */
export async function isSigned(
  rawBody: Buffer,
  signature: string | null,
  secrets: readonly Secret[],
): Promise<boolean> {
  const digest = signatureForm.exec(signature ?? '')?.[1];
  if (rawBody.length === 0 || digest === undefined) return false;
  const hashes = secrets.map((secret) => createHmac('sha256', secret.reveal()));
  for (let at = 0; at < rawBody.length; at += TURN_BYTES) {
    if (at > 0) await setImmediate();
    for (const hash of hashes) hash.update(rawBody.subarray(at, at + TURN_BYTES));
  }
  // Every secret is compared, whichever fits: the time taken does not tell which one it was.
  const stated = Buffer.from(digest, 'hex');
  const fits = hashes.map((hash) => timingSafeEqual(hash.digest(), stated));
  return fits.includes(true) && isUtf8(rawBody);
}
