import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Webhooks } from '@octokit/webhooks';
import { memoBy } from '../../memo.js';
import type { Secret } from '../../secret.js';

/** Checks whether a body was signed with one of the secrets. */
export type SignatureCheck = (
  rawBody: Buffer,
  signature: string | null,
  secrets: readonly Secret[],
) => Promise<boolean>;

/** The library takes the whole body as one text. Larger bodies than this are hashed in turns. */
const MAX_WHOLE_BYTES = 64 * 1024;
/** Bytes that are hashed before other work gets its turn: a millisecond or two. */
const TURN_BYTES = 512 * 1024;

const signatureForm = /^sha256=([0-9a-f]{64})$/i;

/**
 * GitHub signs the raw bytes (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). Anybody may send a body of
 * many megabytes, so other work goes on while a large one is hashed. An empty body counts as unsigned.
 */
export function createSignatureCheck(): SignatureCheck {
  // Making a verifier costs more than using one.
  const verifierOf = memoBy(
    (secret: Secret) => secret,
    (secret) => new Webhooks({ secret: secret.reveal() }),
    new WeakMap<Secret, Webhooks>(),
  );
  return async (rawBody, signature, secrets) => {
    const digest = signatureForm.exec(signature ?? '')?.[1];
    if (signature === null || digest === undefined || rawBody.length === 0) return false;
    // The library would hash other bytes than those of a body that is not UTF-8.
    if (rawBody.length > MAX_WHOLE_BYTES || !isUtf8(rawBody)) return fitsInTurns(rawBody, digest, secrets);
    // Every secret is tried, so the time taken does not tell which one fits.
    const text = rawBody.toString();
    const fits = await Promise.all(secrets.map((secret) => verifierOf(secret).verify(text, signature)));
    return fits.includes(true);
  };
}

async function fitsInTurns(rawBody: Buffer, digest: string, secrets: readonly Secret[]): Promise<boolean> {
  const hashes = secrets.map((secret) => createHmac('sha256', secret.reveal()));
  for (let at = 0; at < rawBody.length; at += TURN_BYTES) {
    if (at > 0) await setImmediate();
    for (const hash of hashes) hash.update(rawBody.subarray(at, at + TURN_BYTES));
  }
  const stated = Buffer.from(digest, 'hex');
  return hashes.map((hash) => timingSafeEqual(hash.digest(), stated)).includes(true);
}
