import Type from 'typebox';
import type { AcceptedPush, ApiDeps, WebhookRequest } from './contract.js';
import { asKnown } from './problem.js';
import { openAnswers, posted, type App } from './route.js';

/** GitHub's own limit of a payload is 25 MB; what it sends always fits. */
const bodyLimit = 25 * 1024 * 1024;

const Ignored = Type.Object({ status: Type.Literal('ignored'), reason: Type.String() });
const Other = Type.Union([
  Type.Object({ status: Type.Literal('pong') }),
  Type.Object({ status: Type.Literal('duplicate') }),
  Ignored,
]);
const Accepted = Type.Object({ deliveryId: Type.String(), status: Type.Literal('accepted') });

const schema = {
  operationId: 'receiveWebhook',
  tags: ['webhooks'],
  summary: "GitHub's webhook",
  description:
    'Signed over the raw bytes (`X-Hub-Signature-256`). A push is answered once it is stored, before any work.',
  consumes: ['application/json', 'application/x-www-form-urlencoded'],
  body: Type.Unknown(),
  response: openAnswers({ 200: Other, 202: Accepted }, ['invalid-payload', 'invalid-signature', ...posted]),
};

/** `POST /webhooks/github`. Lives in a room of its own, where a body of any type stays the bytes that were signed. */
export function webhookRoutes(app: App, deps: ApiDeps): void {
  void app.register(async (room) => {
    room.removeAllContentTypeParsers();
    room.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
    // Of a body that is too large the handler hears nothing.
    room.addHook('onError', async (_request, _reply, error) => deps.onWebhook?.(asKnown(error).code));
    room.post('/webhooks/github', { schema, config: { access: 'open' }, bodyLimit }, async (request, reply) => {
      const answer = await receive(toWebhookRequest(request, deps), deps);
      return reply.status(answer.status === 'accepted' ? 202 : 200).send(answer);
    });
  });
}

type Answer = { deliveryId: string; status: 'accepted' } | Type.Static<typeof Other>;

async function receive(request: WebhookRequest, deps: ApiDeps): Promise<Answer> {
  const leave = deps.enterWebhook?.();
  try {
    const answer = await answerTo(request, deps);
    deps.onWebhook?.(answer.status);
    return answer;
  } finally {
    leave?.();
  }
}

async function answerTo(request: WebhookRequest, deps: ApiDeps): Promise<Answer> {
  const meaning = await deps.webhooks.read(request);
  if (meaning.kind === 'ping') return { status: 'pong' };
  if (meaning.accepted && (await store(meaning.accepted, deps)) === 'duplicate') return { status: 'duplicate' };
  if (meaning.kind === 'ignored') return { status: 'ignored', reason: meaning.reason };
  return { deliveryId: meaning.accepted.delivery.id, status: 'accepted' };
}

async function store({ delivery, look }: AcceptedPush, deps: ApiDeps): Promise<'accepted' | 'duplicate'> {
  const result = await deps.store.deliveries.accept(delivery, look);
  const { id, repository, branch, after, status } = delivery;
  deps.log.info({ delivery: id, repository, branch, after, status, result }, 'A delivery came in.');
  if (result === 'duplicate') return result;
  deps.events.publish({ type: 'delivery', id, status });
  if (look) deps.events.publish({ type: 'look' });
  return result;
}

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

function toWebhookRequest({ headers, body }: Received, deps: Pick<ApiDeps, 'clock'>): WebhookRequest {
  const header = (name: string): string | null => {
    const value = headers[name];
    return (typeof value === 'object' ? value[0] : value) ?? null;
  };
  return {
    deliveryId: header('x-github-delivery'),
    event: header('x-github-event'),
    signature: header('x-hub-signature-256'),
    contentType: header('content-type'),
    rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    receivedAt: deps.clock.now(),
  };
}
