import type { SlipwayEvent } from '../../../src/events.js';
import { asReader, openTestApp, pushPayload, signed, type TestApp } from '../../support/app.js';

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp({ publicUrl: 'https://slipway.test/', anonymousRead: () => true });
});
afterEach(() => server.close());

const heard = async (headers: Record<string, string> = asReader) =>
  (await server.app.inject({ url: '/api/v1/webhooks', headers })).json();
const unsigned = (remoteAddress = '10.0.0.1') =>
  server.app.inject({ method: 'POST', url: '/webhooks/github', payload: '{}', remoteAddress });

test('says what to enter at GitHub, and that nothing was heard', async () => {
  expect(await heard()).toEqual({
    ...{ url: 'https://slipway.test/webhooks/github', path: '/webhooks/github', contentType: 'application/json' },
    ...{ takenAt: null, refused: [] },
  });
});

test('a ping is heard, and an event tells of it', async () => {
  const events: SlipwayEvent[] = [];
  server.events.subscribe((event) => events.push(event));
  await server.app.inject(signed('ping', {}));
  expect((await heard()).takenAt).toBe('2026-01-02T03:04:05.000Z');
  expect(events).toEqual([{ type: 'webhook' }]);
});

test('refused requests are listed with a remedy, those of the same cause and address as one', async () => {
  await unsigned();
  await unsigned();
  await unsigned('10.0.0.2');
  await server.app.inject(signed('push', pushPayload(), { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }));
  const { refused } = await heard();
  expect(refused.map((one: { address: string; times: number }) => [one.address, one.times])).toEqual([
    ['127.0.0.1', 1],
    ['10.0.0.2', 1],
    ['10.0.0.1', 2],
  ]);
  expect(refused[0]).toMatchObject({
    code: 'invalid-signature',
    at: '2026-01-02T03:04:05.000Z',
    remedy: expect.stringContaining('github.webhookSecrets'),
  });
});

test('addresses are only for callers with a token', async () => {
  await unsigned();
  expect((await heard({})).refused).toMatchObject([{ address: null }]);
});

test('a flood keeps no more than the last twenty', async () => {
  for (let at = 1; at <= 30; at += 1) await unsigned(`10.0.1.${at}`);
  const { refused } = await heard();
  expect(refused).toHaveLength(20);
  expect(refused[0].address).toBe('10.0.1.30');
});
