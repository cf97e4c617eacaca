import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asBuilder, openTestApp, pushPayload, queueBuild, signed, type TestApp } from '../../support/app.js';
import { manualClock, type ManualClock } from '../../support/manual-clock.js';
import { rawClient, rawWebhook, requestHead, until } from '../../support/raw-client.js';

const minute = 60_000;
let clock: ManualClock;
let server: TestApp;
beforeEach(async () => {
  clock = manualClock();
  server = await openTestApp({ clock });
});
afterEach(() => server.close());

const connections = () =>
  new Promise<number>((resolve) => server.app.server.getConnections((_error, count) => resolve(count)));
const webhook = () => rawWebhook(signed('push', pushPayload()));
const uploadHead = requestHead('POST /api/v1/builds', {
  ...asBuilder,
  'content-type': 'multipart/form-data; boundary=x',
  'content-length': 10_000,
});
const filePart = '--x\r\ncontent-disposition: form-data; name="artifact"; filename="app.jar"\r\n\r\n';
const jsonHead = requestHead('POST /rebuild/java-service-1', {
  ...asBuilder,
  'content-type': 'application/json',
  'content-length': 100,
});

describe('a body that stalls', () => {
  test.each([
    ['of a webhook', () => `${webhook().head}{`],
    ['in JSON', () => `${jsonHead}{`],
    ['in chunks', () => `${jsonHead.replace('content-length: 100', 'transfer-encoding: chunked')}1\r\n{\r\n`],
    ['of another type', () => `${jsonHead.replace('application/json', 'text/plain')}x`],
    ['of an upload before its first part', () => uploadHead],
    [
      'of an upload within a field',
      () => `${uploadHead}--x\r\ncontent-disposition: form-data; name="service"\r\n\r\nj`,
    ],
    ['of an upload within its file', () => `${uploadHead}${filePart}some bytes`],
  ])('%s is 408 after a minute, and its connection is closed', async (_name, text) => {
    const client = await rawClient(server);
    await client.send(text());
    await until(() => clock.sleeping.length > 0);
    clock.advance(minute - 1);
    expect(await connections()).toBe(1);
    clock.advance(1);
    const answer = await client.closed();
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer).toContain('"code":"request-timeout"');
    expect(await connections()).toBe(0);
    expect(await readdir(join(server.temp.dataDir, 'artifacts')).catch(() => [])).toEqual([]);
  });

  test.each([
    ['of an unknown address', requestHead('POST /nope', { 'content-length': 100 }), 404],
    ['of a wrong method', requestHead('PUT /webhooks/github', { 'content-length': 100 }), 405],
    ['without a token', requestHead('POST /rebuild/java-service-1', { 'content-length': 100 }), 401],
    ['without a signature', requestHead('POST /webhooks/github', { 'content-length': 100 }), 401],
    ['where none is needed', requestHead('GET /healthz', { 'content-length': 100 }), 200],
  ])('%s is answered at once, and its connection is cut after a minute', async (_name, head, status) => {
    const client = await rawClient(server);
    await client.send(`${head}x`);
    expect(await client.answer('\r\n\r\n')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await connections()).toBe(1);
    clock.advance(minute);
    await client.closed();
  });

  test('of an address that cannot be read closes its connection at once', async () => {
    const client = await rawClient(server);
    await client.send(`${requestHead('POST /%zz', { 'content-length': 100 })}x`);
    expect(await client.closed()).toMatch(/^HTTP\/1.1 400 /);
  });

  test('counts as refused for the webhook', async () => {
    const client = await rawClient(server);
    await client.send(`${webhook().head}{`);
    clock.advance(minute);
    await client.closed();
    expect(server.webhookAnswers).toEqual(['request-timeout']);
  });
});

describe('a body that trickles', () => {
  test('has a minute from its headers on, whatever comes', async () => {
    const client = await rawClient(server);
    await client.send(webhook().head);
    for (let second = 0; second < 60; second += 20) {
      await client.send(' ');
      clock.advance(20_000);
    }
    expect(await client.closed()).toMatch(/^HTTP\/1.1 408 /);
  });

  test('of an upload has a minute from each byte on', async () => {
    const client = await rawClient(server);
    await client.send(uploadHead + filePart);
    for (let byte = 0; byte < 5; byte += 1) {
      clock.advance(minute - 1);
      await client.send('x');
    }
    clock.advance(minute - 1);
    expect([client.text(), await connections()]).toEqual(['', 1]);
    clock.advance(1);
    expect(await client.closed()).toMatch(/^HTTP\/1.1 408 /);
  });

  test('of an upload is taken where it ends at last', async () => {
    const client = await rawClient(server);
    const end = `\r\n--x\r\ncontent-disposition: form-data; name="service"\r\n\r\njava-service-1\r\n--x--\r\n`;
    await client.send(uploadHead.replace('10000', String(filePart.length + 3 + end.length)) + filePart);
    for (const part of ['x', 'x', 'x', end]) {
      clock.advance(minute - 1);
      await client.send(part);
    }
    expect(await client.answer('\r\n\r\n')).toMatch(/^HTTP\/1.1 202 /);
    client.leave();
  });
});

test('the answer to a request that was received may take longer', async () => {
  let answer: (() => void) | null = null;
  server.operations.will({
    rebuild: ({ service }) =>
      new Promise((resolve) => (answer = () => resolve(queueBuild(server.store, { service, forced: true })))),
  });
  const client = await rawClient(server);
  await client.send(`${jsonHead.replace('100', '2')}{}`);
  await until(() => answer !== null);
  clock.advance(10 * minute);
  answer!();
  expect(await client.answer('\r\n\r\n')).toMatch(/^HTTP\/1.1 202 /);
  client.leave();
});

test.each([
  ['a connection that says nothing', ''],
  ['headers that stall', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\n'],
])('%s is 408 and closed', async (_name, text) => {
  const hasty = await openTestApp({ limits: { headersMs: 100 } });
  const client = await rawClient(hasty);
  await client.send(text);
  const answer = await client.closed();
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  expect(answer).toContain('"code":"request-timeout"');
  await hasty.close();
});
