import type { WebhookMeaning, WebhookReader, WebhookRequest } from './contract.js';
import { SlipwayError } from '../../errors.js';
import type { Secret } from '../../secret.js';
import { readPayload } from './webhook-payload.js';
import { createPullRequestReader, pullRequestMembers } from './webhook-pull-request.js';
import { createPushReader, pushMembers } from './webhook-push.js';
import { createSignatureCheck } from './webhook-signature.js';

/** What a pull request says of itself may have 65,536 characters, most of them escaped. */
const MAX_PULL_REQUEST_BYTES = 512 * 1024;

export interface WebhookReaderOptions {
  readonly secrets: () => readonly Secret[];
  /** Whether pull requests get a plan. */
  readonly pullRequests: () => boolean;
}

/**
 * Reads GitHub's webhook requests. The signature is checked before anything else. The options are read at each request, so that a change
 * needs no restart. Fails with `invalid-signature` or `invalid-payload`.
 */
export function createWebhookReader({ secrets, pullRequests }: WebhookReaderOptions): WebhookReader {
  const readers = { push: createPushReader(), pullRequest: createPullRequestReader() };
  const isSigned = createSignatureCheck();
  return {
    async read(request) {
      const { rawBody, signature, contentType } = request;
      if (!(await isSigned(rawBody, signature, secrets()))) {
        throw new SlipwayError('invalid-signature', 'X-Hub-Signature-256 is missing or does not fit the body.');
      }
      const isPullRequest = request.event === 'pull_request';
      const payload = isPullRequest
        ? await readPayload(rawBody, contentType, pullRequestMembers, MAX_PULL_REQUEST_BYTES)
        : await readPayload(rawBody, contentType, pushMembers);
      if (isPullRequest && !pullRequests()) return { kind: 'ignored', reason: 'pull-requests-off' };
      return meaning(request, payload, readers);
    },
  };
}

interface Readers {
  readonly push: ReturnType<typeof createPushReader>;
  readonly pullRequest: ReturnType<typeof createPullRequestReader>;
}

function meaning(request: WebhookRequest, payload: unknown, readers: Readers): WebhookMeaning {
  if (!request.event) throw new SlipwayError('invalid-payload', 'X-GitHub-Event is missing.');
  if (request.event === 'ping') return { kind: 'ping' };
  if (request.event === 'pull_request') {
    const accepted = readers.pullRequest(payload, request);
    return accepted === null ? { kind: 'ignored', reason: 'action-not-used' } : { kind: 'pull-request', accepted };
  }
  if (request.event !== 'push') return { kind: 'ignored', reason: 'event-not-used' };
  const { accepted, ignored } = readers.push(payload, request);
  return ignored === null ? { kind: 'push', accepted } : { kind: 'ignored', reason: ignored, accepted };
}
