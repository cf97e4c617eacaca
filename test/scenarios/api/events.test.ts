import { get, type IncomingMessage } from 'node:http';
import { getEventListeners, once } from 'node:events';
import { createEventHistory, type EventHistory } from '../../../src/api/event-history.js';
import { createEventStream } from '../../../src/api/event-stream.js';
import { createEvents } from '../../../src/events.js';
import { version } from '../../../src/version.js';
import { asReader, openTestApp, type TestApp } from '../../support/app.js';

/** A history that knows how many listen to it. */
function countedHistory(events = createEvents()): EventHistory & { listeners: number } {
  const history = createEventHistory(events, 'f00d');
  const counted = {
    ...history,
    listeners: 0,
    subscribe(listener: (text: string) => void) {
      counted.listeners++;
      const unsubscribe = history.subscribe(listener);
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
  let events: ReturnType<typeof createEvents>;
  beforeEach(async () => {
    events = createEvents();
    server = await openTestApp({ events });
    address = await server.app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => server.close());

  async function open(lastId?: string) {
    const headers = { ...asReader, ...(lastId !== undefined && { 'last-event-id': lastId }) };
    const request = get(`${address}/api/v1/events`, { headers });
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
    await until(() => received.text.includes('planned'));
    expect(received.text.replaceAll(/[0-9a-f]{8}-(?=\d)/g, 'RUN-')).toBe(
      'retry: 2000\n\n' +
        `event: hello\ndata: {"version":"${version}","revision":"RUN-0"}\n\nid: RUN-0\n\n` +
        'id: RUN-1\nevent: build\ndata: {"id":"b-1","service":"s","branch":"main","status":"running"}\n\n' +
        'id: RUN-2\nevent: delivery\ndata: {"id":"d-1","status":"planned"}\n\n',
    );
  });

  test('gives a client that comes back what it missed, once', async () => {
    const first = await open();
    events.publish(build);
    await until(() => first.received.text.includes('b-1'));
    first.request.destroy();
    const [lastId = ''] = /\b[0-9a-f]{8}-1\b/.exec(first.received.text) ?? [];
    events.publish({ ...build, id: 'b-2' });
    events.publish({ ...build, id: 'b-3' });
    const second = await open(lastId);
    events.publish({ ...build, id: 'b-4' });
    await until(() => second.received.text.includes('b-4'));
    expect([...second.received.text.matchAll(/"id":"(b-\d)"/g)].map(([, id]) => id)).toEqual(['b-2', 'b-3', 'b-4']);
    expect(second.received.text).not.toContain('event: reset');
  });

  test('tells a client from before a restart to read the lists again', async () => {
    events.publish(build);
    const { received } = await open('0123abcd-1');
    await until(() => received.text.includes('event: reset\ndata: {'));
    expect(received.text).not.toContain('"id":"b-1"');
  });

  test('is let go of when the client leaves', async () => {
    const streams = () => getEventListeners(server.stopping.signal, 'abort').length;
    const before = streams();
    const { request } = await open();
    expect(streams()).toBe(before + 1);
    request.destroy();
    await until(() => streams() === before);
    expect(streams()).toBe(before);
  });

  test('leaves nobody listening when the server closes', async () => {
    let listeners = 0;
    const subscribe: typeof events.subscribe = (listener) => {
      listeners += 1;
      const unsubscribe = events.subscribe(listener);
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    };
    const other = await openTestApp({ events: { ...events, subscribe } });
    await other.app.ready();
    expect(listeners).toBeGreaterThan(0);
    await other.close();
    expect(listeners).toBe(0);
  });

  test('ends when the server stops', async () => {
    const { received } = await open();
    server.stopping.abort();
    await until(() => received.ended);
    expect(received.text).toMatch(/^retry: 2000\n\nevent: hello\n.*\n\nid: [0-9a-f]{8}-0\n\n$/);
  });
});

describe('an event stream', () => {
  test('keeps a quiet connection open with comments', async () => {
    const stream = createEventStream({
      history: countedHistory(),
      stopping: new AbortController().signal,
      heartbeatMs: 1,
    });
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text.includes(': still here\n\n: still here\n\n'));
    stream.destroy();
    expect(text).toMatch(/^retry: 2000\n\nevent: hello\n.*\n\nid: f00d-0\n\n(: still here\n\n)+$/);
  });

  test('lets go of a client that does not read', async () => {
    const events = createEvents();
    const history = countedHistory(events);
    const stream = createEventStream({ history, stopping: new AbortController().signal, heartbeatMs: 60_000 });
    const closed = once(stream, 'close');
    while (history.listeners > 0 && !stream.destroyed) events.publish({ ...build, branch: 'x'.repeat(10_000) });
    await closed;
    expect(history.listeners).toBe(0);
  });

  test('lets go of a client that leaves', async () => {
    const history = countedHistory();
    const stream = createEventStream({ history, stopping: new AbortController().signal, heartbeatMs: 60_000 });
    expect(history.listeners).toBe(1);
    await once(stream.destroy(), 'close');
    expect(history.listeners).toBe(0);
  });

  test('that begins after the server stopped ends at once', async () => {
    const stream = createEventStream({ history: countedHistory(), stopping: AbortSignal.abort(), heartbeatMs: 60_000 });
    await once(stream.resume(), 'close');
    expect(stream.readableEnded).toBe(true);
  });
});

describe('the history of events', () => {
  const events = createEvents();
  const history = createEventHistory(events, 'f00d');
  const idsIn = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
  const many = 5_000;
  for (let at = 1; at <= many; at += 1) events.publish({ ...build, id: `b-${at}` });

  test('answers with what came after an id, as long as it is held', () => {
    expect(history.since(`f00d-${many}`)).toBe('');
    expect(idsIn(history.since(`f00d-${many - 2}`))).toEqual([`f00d-${many - 1}`, `f00d-${many}`]);
    expect(history.since(undefined)).toBe(`id: f00d-${many}\n\n`);
  });

  test.each([
    ['is no longer held', 'f00d-3'],
    ['is of another run', `beef-${many}`],
    ['was never given', `f00d-${many + 1}`],
    ['is no id', 'x'],
    ['has more digits than a number', `f00d-${'9'.repeat(400)}`],
  ])('answers with a reset where the id %s', (_, id) => {
    expect(history.since(id)).toBe(
      `id: f00d-${many}\nevent: reset\ndata: {"message":"Events were missed: read the lists again."}\n\n`,
    );
  });

  test('holds a bounded number of events, and of characters', () => {
    const held = (from: EventHistory, newest: number) =>
      Array.from({ length: newest }, (_, at) => from.since(`f00d-${at}`)).find((text) => !text.includes('reset'))
        ?.length;
    expect(held(history, many)).toBeLessThan(200_000);
    const long = createEvents();
    const wide = createEventHistory(long, 'f00d');
    for (let at = 0; at < 100; at += 1) long.publish({ ...build, branch: 'x'.repeat(60_000) });
    expect(held(wide, 100)).toBeLessThan(600_000);
  });
});
