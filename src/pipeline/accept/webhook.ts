import type { WebhookMeaning, WebhookReader, WebhookRequest } from './contract.js';
import { SlipwayError } from '../../errors.js';
import type { Secret } from '../../secret.js';
import { readPayload } from './webhook-payload.js';
import { createPushReader, pushMembers } from './webhook-push.js';
import { createSignatureCheck } from './webhook-signature.js';

/**
 * Reads GitHub's webhook requests. The signature is checked before anything else. `secrets` is read at each request, so that a rotation
 * needs no restart. Fails with `invalid-signature` or `invalid-payload`.
 */
export function createWebhookReader({ secrets }: { readonly secrets: () => readonly Secret[] }): WebhookReader {
  const readPush = createPushReader();
  const isSigned = createSignatureCheck();
  return {
    async read(request) {
      const { rawBody, signature, contentType } = request;
      if (!(await isSigned(rawBody, signature, secrets()))) {
        throw new SlipwayError('invalid-signature', 'X-Hub-Signature-256 is missing or does not fit the body.');
      }
      const payload = await readPayload(rawBody, contentType, pushMembers);
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
