import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { fields, KeyHeaders, keyOf } from './fields.js';
import { answers, described, posted, type App } from './route.js';

const schema = {
  operationId: 'look',
  tags: ['decisions'],
  summary: 'Look again at a repository',
  description:
    'As a push would, without saying what has changed: for hooks that only tell that something has. Without `branch`: every known branch.',
  headers: KeyHeaders,
  body: Type.Object({ repository: fields.repository, branch: fields.optionalBranch }, { additionalProperties: false }),
  response: answers(
    {
      202: described(
        Type.Object({ deliveryId: Type.String(), services: Type.Array(Type.String()) }),
        'Accepted; the delivery has the decisions once they are made.',
      ),
    },
    ['unknown-repository', 'idempotency-conflict', ...posted],
  ),
};

/** `POST /api/v1/look`. */
export function lookRoutes(app: App, deps: ApiDeps): void {
  app.post('/api/v1/look', { schema, config: { access: 'build' } }, async ({ body, headers, caller }, reply) => {
    const { repository, branch = null } = body;
    const { deliveryId, services } = await deps.operations.look({ repository, branch, by: caller }, keyOf(headers));
    const location = `/api/v1/deliveries/${deliveryId}`;
    return reply
      .status(202)
      .header('location', location)
      .send({ deliveryId, services: [...services] });
  });
}
