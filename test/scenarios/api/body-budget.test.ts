import { asBuilder, openTestApp, pushPayload, signed, type TestApp } from '../../support/app.js';
import { manualClock, type ManualClock } from '../../support/manual-clock.js';
import { rawClient, rawWebhook, requestHead } from '../../support/raw-client.js';

/** Bytes; each chunk counts for some more than it has. */
const budget = 10_000;
let clock: ManualClock;
let server: TestApp;
beforeEach(async () => {
  clock = manualClock();
  server = await openTestApp({ clock, limits: { unsignedBytes: budget } });
});
afterEach(() => server.close());

/** A push whose body has that many bytes. */
function push(size: number) {
  const payload = JSON.stringify(pushPayload());
  return rawWebhook(signed('push', `${payload.slice(0, -1)}${' '.repeat(size - payload.length)}}`));
}
const whole = ({ head, body }: { head: string; body: string }) => head + body;
const tooBusy = /^HTTP\/1.1 503 Service Unavailable\r\n/;
const accepted = /^HTTP\/1.1 202 Accepted\r\n/;

/** A client that has sent all but the last byte of its body, and keeps silent. */
async function holding(size: number) {
  const { head, body } = push(size);
  const client = await rawClient(server);
  await client.send(head + body.slice(0, -1));
  return { ...client, end: () => client.send(body.slice(-1)) };
}
async function answerTo(size: number) {
  const client = await rawClient(server);
  await client.send(whole(push(size)));
  const answer = await client.answer('\r\n\r\n');
  client.leave();
  return answer;
}

describe('bodies that nobody has vouched for', () => {
  test('share a budget: beyond it a request is 503, and its connection is closed', async () => {
    const first = await holding(4_000);
    const second = await holding(4_000);
    const third = await rawClient(server);
    await third.send(whole(push(4_000)));
    const answer = await third.closed();
    expect(answer).toMatch(tooBusy);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer).toContain('"code":"too-busy"');
    expect(server.webhookAnswers).toEqual(['too-busy']);
    await first.end();
    expect(await first.answer('\r\n\r\n')).toMatch(accepted);
    expect(await answerTo(4_000)).toMatch(accepted);
    for (const client of [first, second]) client.leave();
  });

  test('are counted as they arrive, not as they are announced', async () => {
    const { head } = push(9_000);
    const clients = [await rawClient(server), await rawClient(server)];
    for (const client of clients) await client.send(head);
    expect(await answerTo(9_000)).toMatch(accepted);
    for (const client of clients) client.leave();
  });

  test('give their bytes back when the client leaves', async () => {
    const client = await holding(8_000);
    expect(await answerTo(4_000)).toMatch(tooBusy);
    client.leave();
    await vacated();
    expect(await answerTo(9_000)).toMatch(accepted);
  });

  test('give their bytes back when their time is over', async () => {
    const client = await holding(8_000);
    clock.advance(60_000);
    expect(await client.closed()).toMatch(/^HTTP\/1.1 408 /);
    expect(await answerTo(9_000)).toMatch(accepted);
  });

  test('give their bytes back when they were refused for too many', async () => {
    for (let again = 0; again < 3; again += 1) expect(await answerTo(12_000)).toMatch(tooBusy);
    expect(await answerTo(9_000)).toMatch(accepted);
  });

  test('give their bytes back where the client leaves with several unanswered', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const slow = await openTestApp({
      limits: { unsignedBytes: budget },
      store: {
        ...server.store,
        deliveries: {
          ...server.store.deliveries,
          accept: async (...given) => {
            await gate;
            return server.store.deliveries.accept(...given);
          },
        },
      },
    });
    const client = await rawClient(slow);
    await client.send(whole(push(3_000)) + whole(push(3_000)));
    client.leave();
    await vacated(slow);
    open();
    const next = await rawClient(slow);
    await next.send(whole(push(9_000)));
    expect(await next.answer('\r\n\r\n')).toMatch(accepted);
    next.leave();
    await slow.close();
  });

  test('count for what they take: a chunk of one byte is more than a byte', async () => {
    const { head } = push(1_000);
    const client = await rawClient(server);
    await client.send(head.replace(/content-length: \d+/, 'transfer-encoding: chunked'));
    for (let chunk = 0; chunk < 50 && client.text() === ''; chunk += 1) await client.send('1\r\n \r\n');
    expect(await client.closed()).toMatch(tooBusy);
  });

  test('are those of anonymous readers too', async () => {
    const readable = await openTestApp({ anonymousRead: () => true, limits: { unsignedBytes: 100 } });
    const call = { method: 'POST', url: '/api/v1/plan', payload: { repository: 'abc/app', branch: 'main' } } as const;
    const answer = await readable.app.inject(call);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'too-busy']);
    expect((await readable.app.inject({ ...call, headers: asBuilder })).statusCode).toBe(200);
    await readable.close();
  });
});

describe('a webhook', () => {
  test.each([
    ['without a signature', {}],
    ['with half a signature', { 'x-hub-signature-256': 'sha256=abc' }],
    ['with a signature of another kind', { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` }],
  ])('%s is 401 before its body comes, and takes nothing of the budget', async (_name, headers) => {
    const client = await rawClient(server);
    await client.send(requestHead('POST /webhooks/github', { ...headers, 'content-length': 2 * budget }));
    const answer = await client.answer('"invalid-signature"');
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(server.webhookAnswers).toEqual(['invalid-signature']);
    await client.send('x'.repeat(2 * budget));
    // The rest was discarded: the connection serves the next request.
    await client.send(whole(push(9_000)));
    expect(await client.answer('202 Accepted')).toContain('"status":"accepted"');
    client.leave();
  });

  test('that announces more than 25 MiB is 413 before its body comes, and its connection is closed', async () => {
    const client = await rawClient(server);
    await client.send(push(1_000).head.replace(/content-length: \d+/, `content-length: ${25 * 1024 * 1024 + 1}`));
    const answer = await client.closed();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('"code":"payload-too-large"');
  });
});

/** Resolves when the server has noticed that every client has left. */
async function vacated({ app }: Pick<TestApp, 'app'> = server): Promise<void> {
  const count = () => new Promise<number>((resolve) => app.server.getConnections((_error, open) => resolve(open)));
  while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve));
}
