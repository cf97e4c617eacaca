import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createEventStream } from '../../../src/api/event-stream.js';
import { createEvents, type Events } from '../../../src/events.js';
import { asReader, openTestApp, type TestApp } from '../../support/app.js';

/** Events that know how many listen. */
function countedEvents(): Events & { listeners: number } {
  const events = createEvents();
  const counted = {
    listeners: 0,
    publish: events.publish,
    subscribe(listener: Parameters<Events['subscribe']>[0]) {
      counted.listeners++;
      const unsubscribe = events.subscribe(listener);
      return () => {
        counted.listeners--;
        unsubscribe();
      };
    },
  };
  return counted;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const build = { type: 'build', id: 'b-1', service: 's', branch: 'main', status: 'running' } as const;

describe('the stream of events', () => {
  let server: TestApp;
  let address: string;
  let events: ReturnType<typeof countedEvents>;
  beforeEach(async () => {
    events = countedEvents();
    server = await openTestApp({ events });
    address = await server.app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => server.close());

  async function open() {
    const request = get(`${address}/api/v1/events`, { headers: asReader });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const received = { text: '', ended: false };
    response.on('data', (chunk: Buffer) => (received.text += chunk.toString()));
    response.on('end', () => (received.ended = true));
    response.on('error', () => undefined);
    return { request, response, received };
  }

  test('tells of builds and deliveries, and of nothing else', async () => {
    const { response, received } = await open();
    expect(response.headers['content-type']).toBe('text/event-stream');
    events.publish({ type: 'look' });
    events.publish({ type: 'log', id: 'b-1' });
    events.publish(build);
    events.publish({ type: 'delivery', id: 'd-1', status: 'planned' });
    const expected =
      'retry: 2000\n\n' +
      'event: build\ndata: {"id":"b-1","service":"s","branch":"main","status":"running"}\n\n' +
      'event: delivery\ndata: {"id":"d-1","status":"planned"}\n\n';
    await until(() => received.text.length >= expected.length);
    expect(received.text).toBe(expected);
  });

  test('is let go of when the client leaves', async () => {
    const { request } = await open();
    expect(events.listeners).toBe(1);
    request.destroy();
    await until(() => events.listeners === 0);
    expect(events.listeners).toBe(0);
  });

  test('ends when the server stops', async () => {
    const { received } = await open();
    server.stopping.abort();
    await until(() => received.ended && events.listeners === 0);
    expect(received.text).toBe('retry: 2000\n\n');
  });
});

describe('an event stream', () => {
  test('keeps a quiet connection open with comments', async () => {
    const stream = createEventStream({
      events: createEvents(),
      stopping: new AbortController().signal,
      heartbeatMs: 1,
    });
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text.includes(': still here\n\n: still here\n\n'));
    stream.destroy();
    expect(text).toMatch(/^retry: 2000\n\n(: still here\n\n)+$/);
  });

  test('lets go of a client that does not read', async () => {
    const events = countedEvents();
    const stream = createEventStream({ events, stopping: new AbortController().signal, heartbeatMs: 60_000 });
    const closed = once(stream, 'close');
    while (events.listeners > 0 && !stream.destroyed) events.publish({ ...build, branch: 'x'.repeat(10_000) });
    await closed;
    expect(events.listeners).toBe(0);
  });

  test('that begins after the server stopped ends at once', async () => {
    const stream = createEventStream({ events: createEvents(), stopping: AbortSignal.abort(), heartbeatMs: 60_000 });
    await once(stream.resume(), 'close');
    expect(stream.readableEnded).toBe(true);
  });
});
