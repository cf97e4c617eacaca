import Type from 'typebox';
import type { ApiDeps } from './contract.js';
import { fields } from './fields.js';
import { renderDecision } from './render.js';
import { answers, type App } from './route.js';
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
  response: answers({ 200: Type.Object({ decisions: Type.Array(schemas.decision) }) }, [
    'unknown-repository',
    'unknown-revision',
    'git-unavailable',
  ]),
};

/** `POST /api/v1/plan`. */
export function planRoutes(app: App, deps: ApiDeps): void {
  app.post('/api/v1/plan', { schema, config: { access: 'read' } }, async ({ body }) => {
    const { repository, branch, base = null, head = null } = body;
    const decisions = await deps.operations.plan({ repository, branch, base, head });
    return { decisions: decisions.map(renderDecision) };
  });
}
