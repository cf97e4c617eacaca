import Type from 'typebox';
import { allowedScopes } from './auth.js';
import type { ApiDeps } from './deps.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

/** What callers learn of themselves. */
export const meFields = {
  name: Type.String({ description: 'Name of the token, or `anonymous`.' }),
  scopes: Type.Array(Type.Enum(['read', 'build', 'deploy', 'admin']), {
    description: 'All that the caller may do: `admin` includes the others.',
  }),
  environments: schemas.nullable(
    Type.Array(Type.String(), { description: 'Environments that the token may deploy to. Null: all.' }),
  ),
};

const schema = {
  operationId: 'getMe',
  tags: ['access'],
  summary: 'Who calls, and what they may do',
  description: 'For pages and scripts that offer only what is allowed. The server decides at each call all the same.',
  response: answers({ 200: Type.Object(meFields) }),
};

/** `GET /api/v1/me`. */
export function meRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/me', { schema, config: { access: 'read' } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { caller: name, token } = request;
    return { name, scopes: allowedScopes(request, deps), environments: token?.environments?.slice() ?? null };
  });
}
