import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import type { AcceptedLook, WebhookRequest } from '../pipeline/accept/contract.js';
import type { ApiDeps } from './deps.js';
import { heardWebhookRoutes, webhookPath } from './heard-webhook-routes.js';
import { createHeardWebhooks, type HeardWebhooks } from './heard-webhooks.js';
import { asKnown } from './problem.js';
import { readBody } from './reception.js';
import { openAnswers, posted, type App } from './route.js';

/** GitHub limits a payload to 25 MB. */
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;

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
    'Signed over the raw bytes (`X-Hub-Signature-256`). A push or a pull request is answered once it is stored, before any work. A pull request gets a plan, and builds nothing.',
  consumes: ['application/json', 'application/x-www-form-urlencoded'],
  body: Type.Unknown(),
  response: openAnswers({ 200: Other, 202: Accepted }, ['invalid-payload', 'invalid-signature', ...posted]),
};

/** The form of `X-Hub-Signature-256`. */
const signatureForm = /^sha256=[0-9a-f]{64}$/i;

/**
 * `POST /webhooks/github`. Registered in its own scope so that the body stays the raw bytes that were signed. A request without a signature
 * is refused before its body is read.
 */
export function webhookRoutes(app: App, deps: ApiDeps): void {
  const heard = createHeardWebhooks(deps);
  heardWebhookRoutes(app, deps, heard);
  void app.register(async (room) => {
    room.removeAllContentTypeParsers();
    room.addContentTypeParser('*', (request: FastifyRequest) => readBody(request, MAX_PAYLOAD_BYTES));
    // Requests refused before or while their body is read never reach the handler.
    room.addHook('onError', async ({ address }, _reply, error) => {
      const { code, message } = asKnown(error);
      deps.onWebhook?.(code);
      heard.refuse({ code, message: code === 'internal' ? 'A fault of Slipway itself.' : message, address });
    });
    room.route({
      method: 'POST',
      url: webhookPath,
      schema,
      config: { access: 'open' },
      onRequest: ({ headers }, _reply, done) => {
        requireSignature(headers['x-hub-signature-256']);
        done();
      },
      handler: async (request, reply) => {
        const answer = await receive(toWebhookRequest(request, deps), deps, heard);
        return reply.status(answer.status === 'accepted' ? 202 : 200).send(answer);
      },
    });
  });
}

function requireSignature(header: string | string[] | undefined): void {
  if (typeof header === 'string' && signatureForm.test(header)) return;
  throw new SlipwayError('invalid-signature', 'X-Hub-Signature-256 must be "sha256=" and 64 hexadecimal digits.');
}

type Answer = { deliveryId: string; status: 'accepted' } | Type.Static<typeof Other>;

async function receive(request: WebhookRequest, deps: ApiDeps, heard: HeardWebhooks): Promise<Answer> {
  const leave = deps.enterWebhook?.();
  try {
    const answer = await answerTo(request, deps);
    deps.onWebhook?.(answer.status);
    heard.take(answer.status === 'pong' ? 'ping' : 'other');
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

async function store({ delivery, look }: AcceptedLook, deps: ApiDeps): Promise<'accepted' | 'duplicate'> {
  const result = await deps.store.deliveries.accept(delivery, look);
  const { id, repository, branch, after, status } = delivery;
  deps.log.info({ delivery: id, repository, branch, after, status, result }, 'delivery received');
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
