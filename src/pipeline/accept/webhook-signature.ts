import { Webhooks } from '@octokit/webhooks';
import { memoBy } from '../../memo.js';
import type { Secret } from '../../secret.js';

/** The text of a signed body; null where the signature is missing or fits none of the secrets. */
export type SignatureCheck = (
  rawBody: Buffer,
  signature: string | null,
  secrets: readonly Secret[],
) => Promise<string | null>;

/**
 * GitHub signs the raw bytes (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). The verifier takes text,
 * so a body that is not UTF-8 has no text to verify and counts as unsigned. A byte order mark is part of what was signed: it stays.
 */
export function createSignatureCheck(): SignatureCheck {
  // Making a verifier costs more than using one.
  const verifierOf = memoBy(
    (secret: Secret) => secret,
    (secret) => new Webhooks({ secret: secret.reveal() }),
    new WeakMap<Secret, Webhooks>(),
  );
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return async (rawBody, signature, secrets) => {
    const text = utf8(rawBody, decoder);
    if (!text || !signature) return null;
    // Every secret is tried, whichever fits: the time taken does not tell which one it was.
    const fits = await Promise.all(secrets.map((secret) => verifierOf(secret).verify(text, signature)));
    return fits.includes(true) ? text : null;
  };
}

function utf8(bytes: Buffer, decoder: InstanceType<typeof TextDecoder>): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
