import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { fields, PageQuery, pageRequest } from './fields.js';
import { renderListed } from './render.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const listSchema = {
  operationId: 'listDecisions',
  tags: ['decisions'],
  summary: 'What was decided, and why, newest first',
  description:
    'Those of pushes, of the sweep, of changed base images and of people, each for one service and branch. ' +
    '`branch` is `refs/tags/NAME` for a git tag.',
  querystring: Type.Object({
    service: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    branch: Type.Optional(fields.branch),
    commit: Type.Optional(fields.commitStart),
    delivery: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'Id of a delivery: all of its decisions, whatever else is asked for.',
      }),
    ),
    ...PageQuery.properties,
  }),
  response: answers({
    200: Type.Object({ decisions: Type.Array(schemas.listedDecision), nextCursor: schemas.nullable(Type.String()) }),
  }),
};

/** `GET /api/v1/decisions`. */
export function decisionRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/v1/decisions',
    { schema: listSchema, config: { access: 'read' } },
    async ({ query: { delivery, ...query } }) => {
      if (delivery !== undefined) {
        const all = await deps.store.decisions.ofDelivery(delivery);
        return { decisions: all.map(renderListed), nextCursor: null };
      }
      const page = await deps.store.decisions.page({ ...query, ...pageRequest(query) });
      return { decisions: page.items.map(renderListed), nextCursor: page.nextCursor };
    },
  );
}
