import { fastifySwagger, type SwaggerTransformObject } from '@fastify/swagger';
import { fastifySwaggerUi } from '@fastify/swagger-ui';
import type { FastifySchema } from 'fastify';
import Type from 'typebox';
import { version } from '../version.js';
import type { ApiDeps } from './deps.js';
import { answers, type App } from './route.js';
import { DeploymentSchema } from './deployment-schema.js';
import { Matrix } from './matrix-schema.js';
import { Overview, OverviewRow } from './overview-schema.js';
import { components } from './schemas.js';
import { cookieNameOf } from './session.js';
import { Why } from './why-schema.js';

const schema = {
  operationId: 'getOpenApi',
  tags: ['docs'],
  summary: 'This document',
  response: answers({ 200: Type.Object({}, { additionalProperties: true }) }),
};

/** `/openapi.json` and its page `/docs`. Must be installed before the routes that it documents. */
export async function installDocs(app: App, { publicUrl }: Pick<ApiDeps, 'publicUrl'>): Promise<void> {
  const shared = [...components, DeploymentSchema, OverviewRow, Overview, Matrix, Why];
  for (const component of shared) app.addSchema(component);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Slipway',
        version,
        license: { name: 'MIT', identifier: 'MIT' },
        description: 'Builds the images of services when their source or packaging changes, and says why.',
      },
      servers: [{ url: '/', description: 'This server.' }],
      components: { securitySchemes: securitySchemes(publicUrl) },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`) },
    transform: ({ schema, url, route }) => ({ schema: withSecurity(schema, route.config?.access), url }),
    transformObject: (document) => ('openapiObject' in document ? withOptionalBodies(document.openapiObject) : {}),
  });
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { schema, config: { access: 'read' } }, async () => ({ ...app.swagger() }));
}

const securitySchemes = (publicUrl: string | null) =>
  ({
    bearer: { type: 'http', scheme: 'bearer' },
    cookie: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieNameOf(publicUrl),
      description:
        'Of a browser that logged in (`POST /ui/session`). A call that may change something also needs `x-csrf-token`.',
    },
  }) as const;

/** In OpenAPI, an empty list means that a call needs no token, and `{}` beside one that the token is optional. */
function withSecurity(schema: FastifySchema | undefined, access = 'read'): FastifySchema {
  const either = [{ bearer: [] }, { cookie: [] }];
  const security = { open: [], metrics: [{}, ...either] }[access] ?? either;
  return { ...schema, security };
}

type Document = ReturnType<SwaggerTransformObject>;

/** The generator marks every body as required. A body whose fields are all optional is optional too (bodies.ts). */
function withOptionalBodies(document: Document): Document {
  for (const path of Object.values('paths' in document ? (document.paths ?? {}) : {})) {
    for (const operation of path && ('post' in path || 'delete' in path) ? [path.post, path.delete] : []) {
      const body = operation?.requestBody;
      if (!body || !('content' in body)) continue;
      const schema = body.content['application/json']?.schema;
      if (schema && 'properties' in schema && schema.required === undefined) body.required = false;
    }
  }
  return document;
}
