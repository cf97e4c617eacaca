import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const Text = Type.String();

const schema = {
  operationId: 'getGraph',
  tags: ['services'],
  summary: 'Which services stand on the images of which',
  description: 'As the Dockerfiles at the heads of their branches say, build arguments expanded.',
  response: answers({
    200: Type.Object({
      services: Type.Array(Type.Object({ name: Text, repository: Text, image: Text, cascade: Type.Boolean() }), {
        description: 'Bases before what stands on them.',
      }),
      edges: Type.Array(
        Type.Object({
          service: Text,
          branch: Text,
          reference: Type.String({ description: 'The base image, `host/name:tag`.' }),
          base: Type.String({ description: 'The service that makes it.' }),
          baseBranch: schemas.nullable(Text),
        }),
      ),
      cycles: Type.Array(Type.Array(Text), { description: 'Each in full; the cascade does not follow them.' }),
      faults: Type.Array(Type.Object({ service: Text, branch: schemas.nullable(Text), message: Text }), {
        description: 'What could not be read.',
      }),
    }),
  }),
};

/** `GET /api/v1/graph`. */
export function graphRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/graph', { schema, config: { access: 'read' } }, async () => {
    const { services, edges, cycles, faults } = await deps.operations.graph();
    return {
      services: [...services],
      edges: [...edges],
      cycles: cycles.map((cycle) => [...cycle]),
      faults: [...faults],
    };
  });
}
