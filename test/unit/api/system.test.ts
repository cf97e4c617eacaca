import { asReader, bearer, openTestApp, tokens, type TestApp } from '../../support/app.js';
import { auditEntry, delivery } from '../../contracts/store-samples.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const asAdmin = bearer(tokens.admin);
const NOW = '2026-01-02T03:04:05.000Z';

async function system(headers: Record<string, string> = asReader) {
  const response = await server.app.inject({ url: '/api/v1/system', headers });
  expect(response.statusCode).toBe(200);
  expect(response.body).not.toMatch(/token-that/);
  return response.json();
}

test('the state has versions, checks, queue, disk and webhooks', async () => {
  const receivedAt = Date.UTC(2026, 0, 2, 3, 0, 0);
  await server.store.deliveries.accept(delivery('d1', { repository: 'ABC/java-service-1', receivedAt }), null);
  await server.store.moments.note('refused invalid-signature', Date.parse(NOW));
  expect(await system()).toEqual({
    versions: { slipway: expect.any(String), node: process.versions.node, engine: '28.5.2', database: '0001-first' },
    startedAt: NOW,
    checks: expect.arrayContaining([{ name: 'engine', state: 'ok', message: null, remedy: null }]),
    queue: { running: 0, queued: 0, concurrency: 2, pausedUntil: null },
    waits: [],
    disk: { free: 6, total: 10, floor: 5 },
    webhooks: {
      repositories: [{ repository: 'abc/java-service-1', lastHeardAt: '2026-01-02T03:00:00.000Z' }],
      refused: [{ code: 'invalid-signature', at: NOW }],
    },
    heldRequests: 0,
    tokens: null,
  });
});

test('tokens are shown to administrators only, with their last use and the last call that may change something', async () => {
  await system();
  await server.store.audit.add(auditEntry({ by: 'builder', at: Date.UTC(2025, 11, 24) }));
  const { tokens: known } = await system(asAdmin);
  expect(known).toEqual([
    { name: 'reader', scopes: ['read'], environments: null, lastUsedAt: NOW, lastActedAt: null },
    {
      name: 'builder',
      scopes: ['build'],
      environments: null,
      lastUsedAt: null,
      lastActedAt: '2025-12-24T00:00:00.000Z',
    },
    { name: 'adminer', scopes: ['admin'], environments: null, lastUsedAt: NOW, lastActedAt: null },
  ]);
});
