import { Ajv2020 } from 'ajv/dist/2020.js';
import { version } from '../../../src/version.js';
import {
  asBuilder,
  asReader,
  must,
  openTestApp,
  pushPayload,
  queueBuild,
  sha,
  signed,
  succeed,
  type TestApp,
} from '../../support/app.js';
import { openApi, operations, type OpenApi } from '../../support/open-api.js';

let server: TestApp;
let document: OpenApi;
beforeAll(async () => {
  server = await openTestApp();
  document = await openApi(server);
});
afterAll(() => server.close());

const contract = [
  'GET /api/v1/environments',
  'GET /api/v1/environments/{environment}',
  'GET /api/v1/environments/{environment}/hosts/{host}/containers',
  'GET /api/v1/environments/{environment}/services/{service}/logs',
  'POST /api/v1/environments/{environment}/services/{service}/rollback',
  'POST /api/v1/environments/{environment}/services/{service}/restart',
  'POST /api/v1/environments/{environment}/services/{service}/stop',
  'POST /api/v1/environments/{environment}/services/{service}/start',
  'POST /api/v1/environments/{environment}/services/{service}/adopt-observed',
  'DELETE /api/v1/environments/{environment}/services/{service}',
  'PUT /api/v1/environments/{environment}/hold',
  'DELETE /api/v1/environments/{environment}/hold',
  'POST /api/v1/deployments',
  'GET /api/v1/deployments',
  'GET /api/v1/deployments/{id}',
  'GET /api/v1/deployments/{id}/log',
  'POST /api/v1/deployments/{id}/approve',
  'POST /api/v1/deployments/{id}/cancel',
  'POST /api/v1/deployments/{id}/retry',
  'POST /webhooks/github',
  'POST /rebuild/{service}',
  'POST /api/v1/builds',
  'GET /api/v1/builds',
  'GET /api/v1/builds/{id}',
  'GET /api/v1/builds/{id}/log',
  'GET /api/v1/builds/{id}/dockerfile',
  'POST /api/v1/builds/{id}/cancel',
  'POST /api/v1/builds/{id}/retry',
  'GET /api/v1/services',
  'GET /api/v1/matrix',
  'GET /api/v1/overview',
  'GET /api/v1/me',
  'GET /ui/session',
  'POST /ui/session',
  'DELETE /ui/session',
  'GET /api/v1/releases/{service}',
  'GET /api/v1/releases/{service}/{number}',
  'GET /api/v1/releases/{service}/{number}/compose',
  'GET /api/v1/services/{name}',
  'GET /api/v1/services/{name}/image',
  'GET /api/v1/services/{service}/where',
  'GET /api/v1/services/{name}/why/{commit}',
  'GET /api/v1/services/{name}/regions',
  'POST /api/v1/plan',
  'POST /api/v1/look',
  'GET /api/v1/decisions',
  'GET /api/v1/deliveries',
  'GET /api/v1/ledger',
  'GET /api/v1/webhooks',
  'GET /api/v1/services/{name}/rules',
  'GET /api/v1/deliveries/{id}',
  'POST /api/v1/deliveries/{id}/replay',
  'GET /api/v1/events',
  'GET /api/v1/audit',
  'GET /api/v1/system',
  'GET /api/v1/graph',
  'GET /',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /openapi.json',
];

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : references(inner)));
}

/** Checks a value against a schema of the document. */
function fits(schema: object, value: unknown): { ok: boolean; errors: unknown } {
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat('date-time', (text: string) => new Date(text).toISOString() === text);
  const check = ajv.compile({ ...schema, components: document.components });
  return { ok: check(value), errors: check.errors };
}

test('the document names a server and its licence', () => {
  expect(document).toMatchObject({ servers: [{ url: '/' }], info: { license: { name: 'MIT' } } });
});

describe('the OpenAPI document', () => {
  test('is of version 3.1 and has every call of the contract, and no other', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe(version);
    expect((await operations(server)).map(({ name }) => name).sort()).toEqual([...contract].sort());
  });

  test('refers only to components that it has', () => {
    const components = [
      ...['Build', 'Decision', 'Delivery', 'Deployment', 'ListedDecision', 'Matrix', 'Overview', 'OverviewRow'],
      ...['Problem', 'Release', 'Service', 'Why'],
    ];
    const found = new Set(references(document));
    expect([...found].sort()).toEqual(components.map((name) => `#/components/schemas/${name}`));
    expect(Object.keys(document.components.schemas).sort()).toEqual(components);
  });

  test('gives each operation an id of its own, its path parameters, and its security', async () => {
    const all = await operations(server);
    expect(new Set(all.map(({ operationId }) => must(operationId))).size).toBe(all.length);
    for (const { path, parameters = [], security } of all) {
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((its) => its.in === 'path').map(({ name }) => name)).toEqual(named);
      expect(security).toBeDefined();
    }
  });

  test('has a schema and a description for each answer, and problems for what goes wrong', async () => {
    for (const { name, responses } of await operations(server)) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(`${name} ${status} ${description ?? ''}`).not.toMatch(/ $/);
        const isEmpty = status === '204' || status === '304';
        if (isEmpty) expect(content).toBeUndefined();
        if (isEmpty) continue;
        const [media = ''] = Object.keys(must(content));
        expect(must(must(content)[media]).schema).toBeDefined();
        if (Number(status) >= 400 && name !== 'GET /readyz') expect(media).toBe('application/problem+json');
      }
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '500', '503']));
    }
  });

  test('says which bodies may be left out', async () => {
    const bodies = (await operations(server)).flatMap(({ name, requestBody }) =>
      requestBody ? [[name, requestBody.required]] : [],
    );
    expect(Object.fromEntries(bodies)).toEqual({
      'POST /webhooks/github': true,
      'POST /ui/session': true,
      'POST /rebuild/{service}': false,
      'POST /api/v1/builds': true,
      'POST /api/v1/plan': true,
      'POST /api/v1/look': true,
      'POST /api/v1/deployments': true,
      'POST /api/v1/deployments/{id}/retry': false,
      'POST /api/v1/environments/{environment}/services/{service}/rollback': false,
      'POST /api/v1/environments/{environment}/services/{service}/adopt-observed': false,
      'DELETE /api/v1/environments/{environment}/services/{service}': false,
      'PUT /api/v1/environments/{environment}/hold': true,
    });
  });

  test('has the answers to a body that is too large or of another type, and to a git host that refuses', async () => {
    const asking = ['rebuild', 'requestBuild', 'retryBuild', 'plan'];
    for (const { name, operationId = '', responses } of await operations(server)) {
      if (name.startsWith('POST'))
        expect([name, ...Object.keys(responses)]).toEqual(expect.arrayContaining(['413', '415']));
      if (asking.includes(operationId))
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['404', '422', '502']));
    }
  });

  test('describes the answers that are really given', async () => {
    await server.app.inject(signed('push', pushPayload(), { 'x-github-delivery': 'd-1' }));
    const built = await queueBuild(server.store, { trigger: { kind: 'push', deliveryId: 'd-1', by: 'octocat' } });
    await succeed(server.store);
    const queued = await queueBuild(server.store, { commit: sha('c'), forced: true });
    const calls = [
      ['GET', '/api/v1/builds', '/api/v1/builds', 200],
      ['GET', '/api/v1/builds/{id}', `/api/v1/builds/${built.id}`, 200],
      ['GET', '/api/v1/builds/{id}', `/api/v1/builds/${queued.id}`, 200],
      ['GET', '/api/v1/builds/{id}', '/api/v1/builds/none', 404],
      ['GET', '/api/v1/builds', '/api/v1/builds?limit=0', 400],
      ['GET', '/api/v1/services', '/api/v1/services', 200],
      ['GET', '/api/v1/services/{name}', '/api/v1/services/java-service-1', 200],
      ['GET', '/api/v1/services/{name}', '/api/v1/services/none', 404],
      ['GET', '/api/v1/releases/{service}', '/api/v1/releases/java-service-1', 200],
      ['GET', '/api/v1/releases/{service}/{number}', '/api/v1/releases/java-service-1/99', 404],
      ['GET', '/api/v1/services/{name}/image', `/api/v1/services/java-service-1/image?commit=${sha('a')}`, 200],
      ['GET', '/api/v1/deliveries', '/api/v1/deliveries', 200],
      ['GET', '/api/v1/deliveries/{id}', '/api/v1/deliveries/d-1', 200],
      ['POST', '/api/v1/deliveries/{id}/replay', '/api/v1/deliveries/d-1/replay', 202],
      ['POST', '/rebuild/{service}', '/rebuild/java-service-1', 202],
      ['POST', '/rebuild/{service}', '/rebuild/none', 404],
      ['POST', '/api/v1/builds/{id}/cancel', `/api/v1/builds/${queued.id}/cancel`, 202],
      ['GET', '/healthz', '/healthz', 200],
      ['GET', '/readyz', '/readyz', 200],
    ] as const;
    for (const [method, path, url, status] of calls) {
      const headers = method === 'GET' ? asReader : asBuilder;
      const answer = await server.app.inject({ method, url, headers });
      expect([url, answer.statusCode]).toEqual([url, status]);
      const described = must(document.paths[path]?.[method.toLowerCase()]?.responses[status]?.content);
      const media = must(String(answer.headers['content-type']).split(';')[0]);
      expect([url, fits(must(described[media]).schema, answer.json())]).toEqual([url, { ok: true, errors: null }]);
    }
  });
});
