import { get, type IncomingMessage } from 'node:http';
import { getEventListeners, once } from 'node:events';
import { createEventStream } from '../../../src/api/event-stream.js';
import { createEvents } from '../../../src/events.js';
import { version } from '../../../src/version.js';
import { asReader, openTestApp, type TestApp } from '../../support/app.js';
import { manualClock, type ManualClock } from '../../support/manual-clock.js';
import { everything, testHistory, valuesIn, type TestHistory } from '../../support/event-history.js';

/** A history that knows how many follow it. */
function countedHistory() {
  const stage = testHistory();
  const counted = {
    ...stage,
    following: 0,
    history: {
      ...stage.history,
      follow: (...given: Parameters<typeof stage.history.follow>) => {
        counted.following++;
        const following = stage.history.follow(...given);
        const leave = () => {
          counted.following--;
          following.leave();
        };
        return { ...following, leave };
      },
    },
  };
  return counted;
}

/** A stream of everything that has a heartbeat each minute. */
const streamOf = ({ history, stopping }: Pick<TestHistory, 'history' | 'stopping'>, heartbeatMs = 60_000) =>
  createEventStream({ history, filter: everything, stopping: stopping.signal, heartbeatMs });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const build = { type: 'build', id: 'b-1', service: 's', branch: 'main', status: 'running' } as const;

describe('the stream of events', () => {
  let server: TestApp;
  let address: string;
  let events: ReturnType<typeof createEvents>;
  let clock: ManualClock;
  beforeEach(async () => {
    events = createEvents();
    clock = manualClock();
    server = await openTestApp({ events, clock });
    address = await server.app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => server.close());

  async function open(lastId?: string, query = 'types=build,delivery') {
    const headers = { ...asReader, ...(lastId !== undefined && { 'last-event-id': lastId }) };
    const request = get(`${address}/api/v1/events?${query}`, { headers });
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
    const other = await open(lastId, 'build=b-3');
    await until(() => other.received.text.includes('b-3'));
    expect(valuesIn(other.received.text, 'id')).toEqual(['b-3']);
    expect([...second.received.text.matchAll(/"id":"(b-\d)"/g)].map(([, id]) => id)).toEqual(['b-2', 'b-3', 'b-4']);
    expect(second.received.text).not.toContain('event: reset');
  });

  test('tells a client from before a restart to read the lists again', async () => {
    events.publish(build);
    const { received } = await open('0123abcd-1');
    await until(() => received.text.includes('event: reset\ndata: {'));
    expect(received.text).not.toContain('"id":"b-1"');
  });

  test('tells a build page of its steps, its log and nothing of others', async () => {
    const { received } = await open(undefined, 'build=b-1');
    const step = { type: 'step', id: 'b-1', service: 's', index: 0, name: 'fetch', status: 'started' } as const;
    events.publish({ ...build, id: 'b-2' });
    events.publish({ ...step, id: 'b-2' });
    events.publish({ type: 'log', id: 'b-2' });
    events.publish(step);
    events.publish({ type: 'log', id: 'b-1' });
    events.publish({ ...build, status: 'succeeded' });
    await until(() => received.text.includes('succeeded'));
    expect([...received.text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).toEqual([
      'hello',
      'step',
      'log',
      'build',
    ]);
    expect(received.text).toContain('data: {"id":"b-1","service":"s","index":0,"name":"fetch","status":"started"}');
    expect(received.text).not.toContain('b-2');
  });

  test('tells how many builds run and wait, and of holds and configurations', async () => {
    const { received } = await open(undefined, 'types=queue,hold,configuration');
    await until(() => received.text.includes('event: queue\ndata: {"running":0,"queued":0}\n\n'));
    events.publish({ type: 'hold', environment: 'production' });
    events.publish({ type: 'configuration' });
    await until(() => received.text.includes('event: configuration\ndata: {}\n\n'));
    expect(received.text).toContain('event: hold\ndata: {"environment":"production"}\n\n');
  });

  test('drops the connection of a client that does not read', async () => {
    const { response, received } = await open();
    const streams = () => getEventListeners(server.stopping.signal, 'abort').length;
    const opened = streams();
    response.pause();
    for (let at = 0; at < 500 && streams() === opened; at += 1) {
      events.publish({ ...build, id: `b-${at}`, branch: 'x'.repeat(100_000) });
      clock.advance(200);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(streams()).toBeLessThan(opened);
    const gone = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    await gone;
    expect([received.ended, response.complete]).toEqual([false, false]);
  });

  test('is let go of when the client leaves', async () => {
    const streams = () => getEventListeners(server.stopping.signal, 'abort').length;
    const before = streams();
    const { request } = await open();
    expect(streams()).toBeGreaterThan(before);
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
  test('keeps a quiet connection open with comments, which say where it is', async () => {
    const stream = streamOf(testHistory(), 1);
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text.split(': still here').length > 2);
    stream.destroy();
    expect(text).toMatch(/^retry: 2000\n\nevent: hello\n.*\n\nid: f00d-0\n\n(: still here\nid: f00d-0\n\n)+$/);
  });

  test('lets go of a client that does not read', async () => {
    const stage = countedHistory();
    const { events, clock } = stage;
    const stream = streamOf(stage);
    const closed = once(stream, 'close');
    for (let at = 0; !stream.destroyed; at += 1) {
      events.publish({ ...build, id: `b-${at}`, branch: 'x'.repeat(10_000) });
      clock.advance(200);
      await new Promise((resolve) => setImmediate(resolve));
      expect(stream.readableLength).toBeLessThan(1_200_000);
    }
    await closed;
    expect(stage.following).toBe(0);
  });

  test('lets go of a client that leaves', async () => {
    const stage = countedHistory();
    const stream = streamOf(stage);
    expect(stage.following).toBe(1);
    await once(stream.destroy(), 'close');
    expect(stage.following).toBe(0);
  });

  test('ends with what waited to be sent', async () => {
    const stage = testHistory();
    const stream = streamOf(stage);
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    for (let at = 0; at < 30; at += 1) stage.events.publish({ ...build, id: `b-${at}`, status: 'succeeded' });
    expect(valuesIn(text, 'id').length).toBeLessThan(30);
    stage.stopping.abort();
    await once(stream, 'end');
    expect(valuesIn(text, 'id')).toHaveLength(30);
  });

  test('that begins after the server stopped ends at once', async () => {
    const stage = testHistory();
    stage.stopping.abort();
    const stream = streamOf(stage);
    await once(stream.resume(), 'close');
    expect(stream.readableEnded).toBe(true);
  });
});
