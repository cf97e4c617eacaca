import type { WebhookMeaning, WebhookReader, WebhookRequest } from './contract.js';
import { SlipwayError } from '../../errors.js';
import type { Secret } from '../../secret.js';
import { createPushReader } from './webhook-push.js';
import { createSignatureCheck } from './webhook-signature.js';

/**
 * Reads GitHub's webhook requests. The signature is checked before anything else. `secrets` is read at each request, so that a rotation
 * needs no restart. Fails with `invalid-signature` or `invalid-payload`.
 */
export function createWebhookReader({ secrets }: { readonly secrets: () => readonly Secret[] }): WebhookReader {
  const readPush = createPushReader();
  const verifiedText = createSignatureCheck();
  return {
    async read(request) {
      const text = await verifiedText(request.rawBody, request.signature, secrets());
      if (text === null) {
        throw new SlipwayError('invalid-signature', 'X-Hub-Signature-256 is missing or does not match the body.');
      }
      const payload = parse(text, request.contentType);
      return meaning(request, payload, readPush);
    },
  };
}

function meaning(
  request: WebhookRequest,
  payload: unknown,
  readPush: ReturnType<typeof createPushReader>,
): WebhookMeaning {
  if (!request.event) throw new SlipwayError('invalid-payload', 'X-GitHub-Event is missing.');
  if (request.event === 'ping') return { kind: 'ping' };
  if (request.event !== 'push') return { kind: 'ignored', reason: 'event-not-used' };
  const { accepted, ignored } = readPush(payload, request);
  return ignored === null ? { kind: 'push', accepted } : { kind: 'ignored', reason: ignored, accepted };
}

/** The JSON of a body: the body itself or its form field `payload`. */
function parse(text: string, contentType: string | null): unknown {
  const json = isForm(contentType) ? new URLSearchParams(text).get('payload') : text;
  if (json === null) throw new SlipwayError('invalid-payload', 'The form has no field "payload".');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new SlipwayError('invalid-payload', 'The payload is not JSON.', { cause });
  }
}

function isForm(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
