import { createHmac, randomUUID } from 'node:crypto';

export const webhookSecret = 'a secret that only the tests know';

/** Headers and body of a webhook request as GitHub sends it. */
export function signed(event: string, payload: unknown, headers: Record<string, string> = {}) {
  const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  return {
    method: 'POST' as const,
    url: '/webhooks/github',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': signature(body),
      ...headers,
    },
    payload: body,
  };
}

export function signature(body: string | Buffer, secret = webhookSecret): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The fields of a push payload that Slipway reads. */
export function pushPayload(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ref: 'refs/heads/main',
    before: 'b'.repeat(40),
    after: 'a'.repeat(40),
    deleted: false,
    repository: { full_name: 'abc/java-service-1' },
    pusher: { name: 'octocat' },
    ...overrides,
  };
}
