import Type from 'typebox';
import type { ErrorCode } from '../errors.js';
import { isoTime } from '../iso-time.js';
import type { ApiDeps } from './deps.js';
import type { HeardWebhooks } from './heard-webhooks.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const { nullable } = schemas;
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });

const schema = {
  operationId: 'getWebhooks',
  tags: ['webhooks'],
  summary: 'Where webhooks are sent, and which were refused lately',
  description: 'As kept in memory since the server started. Nothing of a refused request is kept.',
  response: answers({
    200: Type.Object({
      url: nullable(Type.String({ description: 'What to enter at GitHub. Null: `server.publicUrl` is not set.' })),
      path: Type.String({ description: 'The path of that URL.' }),
      contentType: Text,
      takenAt: nullable(Type.String({ format: 'date-time', description: 'When one was taken last, a ping as well.' })),
      refused: Type.Array(
        Type.Object({
          at: Time,
          code: Text,
          message: Text,
          remedy: Text,
          times: Type.Integer({ description: 'How often the same was refused from there.' }),
          address: nullable(
            Type.String({ description: 'Behind a proxy, that of the proxy. Null: the caller has no token.' }),
          ),
        }),
        { description: 'The newest first, at most 20.' },
      ),
    }),
  }),
};

/** Path of the webhook. */
export const webhookPath = '/webhooks/github';

/** `GET /api/v1/webhooks`. */
export function heardWebhookRoutes(app: App, { publicUrl }: ApiDeps, heard: HeardWebhooks): void {
  app.get('/api/v1/webhooks', { schema, config: { access: 'read' } }, async ({ token }) => {
    const takenAt = heard.taken();
    return {
      url: publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}${webhookPath}`,
      path: webhookPath,
      contentType: 'application/json',
      takenAt: takenAt === null ? null : isoTime(takenAt),
      refused: heard.refused().map(({ at, address, code, ...same }) => ({
        ...same,
        ...{ at: isoTime(at), code, remedy: remedies[code] ?? otherRemedy },
        address: token === null ? null : address,
      })),
    };
  });
}

const remedies: Partial<Readonly<Record<ErrorCode, string>>> = {
  'invalid-signature':
    'Enter one of github.webhookSecrets as the secret of the webhook at GitHub, or add the secret that it has there.',
  'invalid-payload': 'Choose the content type application/json at GitHub, and send only the push event.',
  'payload-too-large': 'GitHub sends at most 25 MB. Look for a program that sends more, or push fewer commits at once.',
  'request-timeout': 'The request came too slowly. Look at the network and the proxy in front.',
  'unsupported-media-type': 'Choose the content type application/json at GitHub.',
  'too-busy': 'Many large requests came at once. GitHub can send it again: Recent deliveries, Redeliver.',
  'store-unavailable': 'The database could not be written. Look at the disk, then send it again at GitHub.',
};
const otherRemedy = 'The log has the particulars. The sweep finds the change all the same.';
