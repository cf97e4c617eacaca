import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { fields } from './fields.js';
import { renderPlan } from './render.js';
import { answers, asksGit, posted, type App } from './route.js';
import { schemas } from './schemas.js';

const schema = {
  operationId: 'plan',
  tags: ['decisions'],
  summary: 'What a push would get, building nothing',
  body: Type.Object(
    {
      repository: Type.String({ minLength: 1, maxLength: 256 }),
      branch: fields.branch,
      base: fields.optionalCommit,
      head: fields.optionalCommit,
    },
    { additionalProperties: false },
  ),
  response: answers(
    {
      200: Type.Object({
        decisions: Type.Array(schemas.decision),
        warnings: Type.Optional(Type.Array(schemas.warning, { description: 'Left out where there are none.' })),
      }),
    },
    ['unknown-repository', 'unknown-revision', 'dockerfiles-unavailable', ...asksGit, ...posted],
  ),
};

/** `POST /api/v1/plan`. */
export function planRoutes(app: App, deps: ApiDeps): void {
  app.post('/api/v1/plan', { schema, config: { access: 'read' } }, async ({ body }) => {
    const { repository, branch, base = null, head = null } = body;
    return renderPlan(await deps.operations.plan({ repository, branch, base, head }));
  });
}
