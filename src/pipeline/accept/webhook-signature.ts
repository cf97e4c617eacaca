import { Webhooks } from '@octokit/webhooks';
import type { Secret } from '../../secret.js';

/** The text of a signed body. Null if the signature is missing or matches none of the secrets. */
export type SignatureCheck = (
  rawBody: Buffer,
  signature: string | null,
  secrets: readonly Secret[],
) => Promise<string | null>;

/**
 * GitHub signs the raw bytes (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). The verifier takes text, so a
 * body that is not UTF-8 counts as unsigned. A byte order mark is part of the signed text and stays.
 */
export function createSignatureCheck(): SignatureCheck {
  const verifierOf = createVerifiers();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return async (rawBody, signature, secrets) => {
    const text = utf8(rawBody, decoder);
    if (!text || !signature) return null;
    // All secrets are tried, so that the time taken does not reveal which one matched.
    const fits = await Promise.all(secrets.map((secret) => verifierOf(secret).verify(text, signature)));
    return fits.includes(true) ? text : null;
  };
}

/** Creating a verifier costs more than using one. */
function createVerifiers(): (secret: Secret) => Webhooks {
  const known = new WeakMap<Secret, Webhooks>();
  return (secret) => {
    const verifier = known.get(secret) ?? new Webhooks({ secret: secret.reveal() });
    known.set(secret, verifier);
    return verifier;
  };
}

function utf8(bytes: Buffer, decoder: InstanceType<typeof TextDecoder>): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
