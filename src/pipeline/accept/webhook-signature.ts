import { Webhooks } from '@octokit/webhooks';
import type { Secret } from '../../secret.js';

/**
 * The text of a signed body; null where the signature is missing or fits none of the secrets.
 *
 * GitHub signs the raw bytes (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). The verifier takes text,
 * so a body that is not UTF-8 has no text to verify and counts as unsigned. A byte order mark is part of what was signed: it stays.
 */
export async function verifiedText(
  rawBody: Buffer,
  signature: string | null,
  secrets: readonly Secret[],
): Promise<string | null> {
  const text = utf8(rawBody);
  if (!text || !signature) return null;
  // Every secret is tried, whichever fits: the time taken does not tell which one it was.
  const fits = await Promise.all(
    secrets.map((secret) => new Webhooks({ secret: secret.reveal() }).verify(text, signature)),
  );
  return fits.includes(true) ? text : null;
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
