import type { ContainerEvent } from '../../src/hosts/contract.js';
import { until } from '../support/api-client.js';
import { failureOf } from '../support/failure-of.js';
import { commands, never, type Setting } from './host-setting.js';

/** What a host says of what happens on it. */
export function eventFacts({ host, newContainer }: Setting): void {
  test('the log of a container comes as lines of its two streams', async () => {
    const { containers, controls, events } = host();
    const { id } = await containers.create(newContainer({ command: commands.speaking }));
    await controls.start(id);
    const read = async (tail: number) => {
      const lines: string[] = [];
      for await (const { stream, text, at } of events.logs(id, { tail, follow: true }, never)) {
        expect(at).toBeGreaterThan(0);
        lines.push(`${stream} ${text}`);
      }
      return lines.sort();
    };
    await until('all is in the log', async () => (await read(10)).length === 3);
    expect(await read(10)).toEqual(['stderr two', 'stdout one', 'stdout three']);
    expect(await read(1)).toHaveLength(1);
    const since = async (at: number) => {
      let count = 0;
      for await (const line of events.logs(id, { tail: 10, follow: false, since: at }, never))
        count += line.text.length;
      return count;
    };
    expect(await since(0)).toBeGreaterThan(0);
    expect(await since(Date.now() + 3_600_000)).toBe(0);
    const gone = events.logs('f'.repeat(64), { tail: 1, follow: true }, never)[Symbol.asyncIterator]();
    expect(await gone.next()).toMatchObject({ done: true });
  });

  test('a log that is followed ends with the signal', async () => {
    const { containers, controls, events } = host();
    const { id } = await containers.create(newContainer());
    await controls.start(id);
    const stop = new AbortController();
    const lines = events.logs(id, { tail: 10, follow: true }, stop.signal)[Symbol.asyncIterator]();
    const next = lines.next();
    stop.abort();
    expect(await next).toMatchObject({ done: true });
    await controls.stop(id, 0);
  });

  test('events come from a moment on, and end with the signal', async () => {
    const { containers, controls, events } = host();
    const wanted = newContainer();
    const { id } = await containers.create(wanted);
    const since = (await containers.inspect(id))?.createdAt ?? 0;
    await controls.start(id);
    await controls.stop(id, 0);
    const stop = new AbortController();
    const seen: ContainerEvent[] = [];
    for await (const event of events.follow(since, stop.signal)) {
      if (event.id === id) seen.push(event);
      if (event.id === id && event.action === 'die') stop.abort();
    }
    const actions = seen.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['start', 'die']));
    expect(actions.indexOf('start')).toBeLessThan(actions.indexOf('die'));
    expect(seen.at(-1)).toMatchObject({ name: wanted.name, attributes: expect.objectContaining(wanted.labels) });
  });
}

/** What a host is that cannot be reached. */
export function awayFacts({ harness, host }: Setting): void {
  test('is unreachable while it is away, and answers again afterwards', async () => {
    const { containers, controls, images, volumes, events } = host();
    const stop = new AbortController();
    const following = events.follow(null, stop.signal)[Symbol.asyncIterator]();
    const next = failureOf(following.next());
    await host().ping();
    await harness().goAway();
    const away = { code: 'host-unreachable', blame: 'host', retryable: true };
    expect(await next).toMatchObject(away);
    const calls = [
      host().ping(),
      host().info(),
      containers.list(),
      containers.inspect('x'),
      controls.start('x'),
      controls.stop('x', 0),
      images.find('x:1'),
      images.pull(harness().image, null, never),
      volumes.exists('x'),
      events.logs('x', { tail: 1, follow: false }, never)[Symbol.asyncIterator]().next(),
    ];
    for (const call of calls) expect(await failureOf(call)).toMatchObject(away);
    await harness().comeBack();
    await host().ping();
  });
}
