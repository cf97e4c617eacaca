import { eventFilter } from '../../../src/api/event-filter.js';
import type { EventHistory } from '../../../src/api/event-history.js';
import { everything, followed, testHistory, valuesIn } from '../../support/event-history.js';

const build = { type: 'build', id: 'b-1', service: 's', branch: 'main', status: 'running' } as const;
const reset = 'event: reset\ndata: {"message":"Events were missed: read the lists again."}\n\n';
const idsIn = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
/** Lets what the manual clock has woken run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('what a client missed', () => {
  const { history, events } = testHistory();
  const many = 5_000;
  for (let at = 1; at <= many; at += 1) events.publish({ ...build, id: `b-${at}` });
  const since = (id: string | undefined) => history.since(id, everything);

  test('is sent, as long as it is held', () => {
    expect(since(`f00d-${many}`)).toBe('');
    const newest = `f00d-${many}`;
    expect(idsIn(since(`f00d-${many - 2}`))).toEqual([`f00d-${many - 1}`, newest, newest]);
    expect(since(undefined)).toBe(`id: ${newest}\n\n`);
  });

  test.each([
    ['is no longer held', 'f00d-3'],
    ['is of another run', `beef-${many}`],
    ['was never given', `f00d-${many + 1}`],
    ['is no id', 'x'],
    ['has more digits than a number', `f00d-${'9'.repeat(400)}`],
  ])('is answered with a reset where the id %s', (_, id) => {
    expect(since(id)).toBe(`id: f00d-${many}\n${reset}`);
  });

  test('is a bounded number of events, and of characters', () => {
    const held = (from: EventHistory, newest: number) =>
      Array.from({ length: newest }, (_, at) => from.since(`f00d-${at}`, everything)).find(
        (text) => !text.includes('reset'),
      )?.length;
    expect(held(history, many)).toBeLessThan(200_000);
    const wide = testHistory();
    for (let at = 0; at < 100; at += 1) wide.events.publish({ ...build, id: `b-${at}`, branch: 'x'.repeat(60_000) });
    expect(held(wide.history, 100)).toBeLessThan(600_000);
  });

  test('is the newest of each subject, however often it changed', () => {
    const { history, events } = testHistory();
    events.publish({ ...build, id: 'first' });
    events.publish({ ...build, id: 'ended', status: 'succeeded' });
    for (let at = 0; at < 5_000; at += 1) events.publish({ type: 'queue', running: at, queued: 0 });
    const text = history.since('f00d-1', everything);
    expect(valuesIn(text, 'id')).toEqual(['ended']);
    expect(valuesIn(text, 'running')).toEqual(['4999']);
  });

  test('is what passes the filter, and the id after all of it', () => {
    const { history, events } = testHistory();
    events.publish(build);
    events.publish({ ...build, id: 'b-2' });
    events.publish({ type: 'delivery', id: 'd-1', status: 'planned' });
    const text = history.since('f00d-0', eventFilter({ build: 'b-1' }));
    expect(valuesIn(text, 'id')).toEqual(['b-1']);
    expect(idsIn(text)).toEqual(['f00d-1', 'f00d-3']);
    expect(history.since('f00d-1', eventFilter({ build: 'b-1' }))).toBe('id: f00d-3\n\n');
  });

  test('has no logs: they push out nothing', () => {
    const { history, events } = testHistory();
    const { sent } = followed(history, eventFilter({ build: 'b-1' }));
    events.publish(build);
    for (let at = 0; at < 3_000; at += 1) events.publish({ type: 'log', id: at % 2 === 0 ? 'b-1' : 'b-2' });
    expect(history.newest()).toBe('f00d-1');
    expect(valuesIn(history.since('f00d-0', everything), 'id')).toEqual(['b-1']);
    expect(sent.join('')).toContain('event: log\ndata: {"id":"b-1"}\n\n');
    expect(sent.join('')).not.toContain('b-2');
  });
});

describe('what clients are sent', () => {
  test('comes at once while little changes', () => {
    const { history, events } = testHistory();
    const { sent } = followed(history);
    events.publish(build);
    events.publish({ ...build, status: 'succeeded' });
    expect(sent.flatMap((text) => valuesIn(text, 'status'))).toEqual(['running', 'succeeded']);
  });

  test('is the newest of each subject while much changes, in the order of the newest', async () => {
    const { history, events, clock } = testHistory();
    const { sent } = followed(history);
    for (let at = 0; at < 50; at += 1) events.publish({ ...build, id: `b-${at}`, status: 'queued' });
    const atOnce = sent.length;
    expect(atOnce).toBeLessThan(10);
    events.publish({ ...build, id: 'b-48', status: 'running' });
    events.publish({ ...build, id: 'b-30', status: 'failed' });
    events.publish({ ...build, id: 'b-48', status: 'succeeded' });
    expect(sent).toHaveLength(atOnce);
    clock.advance(250);
    await turn();
    expect(sent).toHaveLength(atOnce + 1);
    const last = sent.at(-1) ?? '';
    expect(valuesIn(last, 'id').slice(-3)).toEqual(['b-49', 'b-30', 'b-48']);
    expect(valuesIn(last, 'status').slice(-3)).toEqual(['queued', 'failed', 'succeeded']);
    const numbers = idsIn(last).map((id = '') => Number(id.split('-')[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('ends in the last state of everything, whatever the times', async () => {
    const { history, events, clock } = testHistory();
    const { sent } = followed(history);
    const truth = new Map<string, string>();
    const statuses = ['queued', 'running', 'failed', 'succeeded'] as const;
    for (let at = 0; at < 2_000; at += 1) {
      const [id, status] = [`b-${(at * 7) % 13}`, statuses[(at * 5) % 4] ?? 'queued'];
      events.publish({ ...build, id, status });
      truth.set(id, status);
      if (at % 11 === 0) {
        clock.advance(40);
        await turn();
      }
    }
    clock.advance(250);
    await turn();
    const all = sent.join('');
    const statusesSent = valuesIn(all, 'status');
    const seen = new Map(valuesIn(all, 'id').map((id, at) => [id, statusesSent[at]]));
    expect(seen).toEqual(truth);
    expect(statusesSent.length).toBeLessThan(1_500);
  });

  test('is one buffer for all who watch the same', () => {
    const { history, events } = testHistory();
    const buffers: Buffer[] = [];
    history.follow(eventFilter({ types: 'build,queue' }), (bytes) => buffers.push(bytes));
    history.follow(eventFilter({ types: 'queue,build' }), (bytes) => buffers.push(bytes));
    events.publish(build);
    expect(buffers).toHaveLength(2);
    expect(buffers[0]).toBe(buffers[1]);
  });

  test('reaches many in several turns, in order, and all at once at the end', async () => {
    const { history, events } = testHistory();
    const all = Array.from({ length: 35 }, () => followed(history));
    const reached = () => all.filter(({ sent }) => sent.length > 0).length;
    events.publish({ ...build, status: 'queued' });
    events.publish(build);
    expect(reached()).toBeGreaterThan(0);
    expect(reached()).toBeLessThan(35);
    // Whom nothing has reached yet has not got past it.
    expect(all[34]?.position()).toBe('f00d-0');
    all[33]?.leave();
    while (all[34]?.sent.length !== 2) await turn();
    for (const [at, { sent }] of all.entries()) {
      expect(sent.flatMap((text) => valuesIn(text, 'status'))).toEqual(at === 33 ? [] : ['queued', 'running']);
    }
    events.publish({ ...build, status: 'succeeded' });
    all[0]?.flush();
    expect(all.filter(({ sent }) => sent.length === 3)).toHaveLength(34);
  });

  test('does not repeat to a late client what it was answered with already', async () => {
    const { history, events, clock } = testHistory();
    const early = followed(history);
    for (let at = 0; at < 20; at += 1) events.publish({ ...build, id: `b-${at}` });
    const missed = valuesIn(history.since('f00d-0', everything), 'id');
    const late = followed(history);
    events.publish({ ...build, id: 'b-20' });
    clock.advance(250);
    await turn();
    const all = Array.from({ length: 21 }, (_, at) => `b-${at}`);
    expect(early.sent.flatMap((text) => valuesIn(text, 'id'))).toEqual(all);
    expect([...missed, ...late.sent.flatMap((text) => valuesIn(text, 'id'))]).toEqual(all);
  });

  test('leaves a place behind after which a client that comes back misses nothing', async () => {
    const { history, events, clock } = testHistory();
    const client = followed(history);
    for (let at = 0; at < 20; at += 1) events.publish({ ...build, id: `b-${at}` });
    const got = client.sent.flatMap((text) => valuesIn(text, 'id'));
    const place = client.position();
    client.leave();
    expect(got.length).toBeLessThan(20);
    expect([...got, ...valuesIn(history.since(place, everything), 'id')]).toHaveLength(20);
    const narrow = followed(history, eventFilter({ build: 'b-1' }));
    events.publish({ ...build, id: 'other' });
    expect(narrow.position()).toBe(history.newest());
    clock.advance(250);
    await turn();
  });

  test('costs nothing once all have left', () => {
    const { history, events, clock } = testHistory();
    const first = followed(history);
    const second = followed(history);
    expect(history.isWatched(build)).toBe(true);
    events.publish(build);
    expect(clock.sleeping).toHaveLength(1);
    first.leave();
    expect(history.isWatched(build)).toBe(true);
    second.leave();
    second.leave();
    expect([history.isWatched(build), clock.sleeping]).toEqual([false, []]);
  });
});
