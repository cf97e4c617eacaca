import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { asBuilder, asReader, begin, openTestApp, queueBuild, tokens, type TestApp } from '../../support/app.js';
import { logIn } from '../../support/browser-session.js';
import { rawClient, requestHead } from '../../support/raw-client.js';

type Headers = Readonly<Record<string, string>>;
let opened: ClientRequest[];
let server: TestApp;
afterEach(async () => {
  for (const request of opened) request.destroy();
  await server.close();
});

async function start(overrides: Parameters<typeof openTestApp>[0] = {}): Promise<void> {
  opened = [];
  server = await openTestApp(overrides);
  await server.app.listen({ port: 0, host: '127.0.0.1' });
}

/** Begins a request; resolves with the answer when its headers are there. */
async function open(path: string, headers: Headers, localAddress = '127.0.0.1'): Promise<IncomingMessage> {
  const address = server.app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  const request = get({ host: '127.0.0.1', port: address.port, path, headers, localAddress, agent: false });
  opened.push(request);
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}
const stream = (headers: Headers, localAddress?: string) => open('/api/v1/events', headers, localAddress);
const count = () =>
  new Promise<number>((resolve) => server.app.server.getConnections((_error, connections) => resolve(connections)));

describe('streams and waits of one caller', () => {
  test('are limited: of 500 event streams on one token most are refused, those of another are not', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 500 }, () => stream(asReader)));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(400);
    expect((await stream(asBuilder)).statusCode).toBe(200);
  });

  test('are refused with a problem', async () => {
    await start({ limits: { heldPerCaller: 0 } });
    const answer = await server.app.inject({ url: '/api/v1/events', headers: asReader });
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'too-many-requests']);
  });

  test('count no longer when the client leaves', async () => {
    await start({ limits: { heldPerCaller: 2 } });
    for (let round = 0; round < 3; round += 1) {
      expect((await stream(asReader)).statusCode).toBe(200);
      expect((await stream(asReader)).statusCode).toBe(200);
      expect((await stream(asReader)).statusCode).toBe(429);
      for (const request of opened) request.destroy();
      while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('count together: event streams, followed logs, and waits that really wait', async () => {
    await start({ limits: { heldPerCaller: 3 } });
    const { id } = await queueBuild(server.store);
    const path = `/api/v1/builds/${id}`;
    await stream(asReader);
    await server.store.logs.append(await begin(server.store), 'first words\n');
    expect((await open(`${path}/log?follow=true`, asReader)).statusCode).toBe(200);
    const client = await rawClient(server);
    await client.send(requestHead(`GET ${path}?wait=300`, asReader));
    expect(client.text()).toBe('');
    for (const held of ['/api/v1/events', `${path}/log?follow=true`, `${path}?wait=300`]) {
      expect([held, (await open(held, asReader)).statusCode]).toEqual([held, 429]);
    }
    for (const free of [`${path}/log`, path, '/api/v1/builds']) {
      expect([free, (await open(free, asReader)).statusCode]).toEqual([free, 200]);
    }
    client.leave();
  });

  test('count by address where there is no token, and together', async () => {
    await start({ limits: { heldPerCaller: 1 }, anonymousRead: () => true });
    expect((await stream({})).statusCode).toBe(200);
    expect((await stream({})).statusCode).toBe(429);
    expect((await stream({ authorization: 'Bearer wrong' })).statusCode).toBe(429);
    const from = async (localAddress: string) => (await stream({}, localAddress)).statusCode;
    for (const other of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) expect(await from(other)).toBe(200);
    expect(await from('127.0.0.5')).toBe(429);
    expect((await stream(asReader)).statusCode).toBe(200);
  });

  test('of browsers count apart from those of programs that use the same token', async () => {
    await start({ limits: { heldPerCaller: 1 } });
    const { cookie } = await logIn(server, tokens.read);
    expect((await stream({ cookie })).statusCode).toBe(200);
    expect((await stream({ cookie })).statusCode).toBe(429);
    expect((await stream(asReader)).statusCode).toBe(200);
    expect((await stream(asReader)).statusCode).toBe(429);
  });

  test('are let go of where a client leaves that has asked for several on one connection', async () => {
    await start({ limits: { heldPerCaller: 3 } });
    const client = await rawClient(server);
    await client.send(requestHead('GET /api/v1/events', asReader).repeat(3));
    expect((await stream(asReader)).statusCode).toBe(429);
    client.leave();
    for (const request of opened) request.destroy();
    while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve));
    for (let again = 0; again < 3; again += 1) expect((await stream(asReader)).statusCode).toBe(200);
  });
});
