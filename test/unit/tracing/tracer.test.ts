import { newTrace } from '../../../src/trace-context.js';
import type { Span } from '../../../src/tracer.js';
import { createTracer } from '../../../src/tracing/tracer.js';
import { keptLog } from '../../support/kept-log.js';

const span = (more: Partial<Span> = {}): Span => ({
  ...{ context: newTrace(), parent: null, kind: 'internal', name: 'x', from: 1, to: 2, attributes: {}, error: null },
  links: [],
  ...more,
});

test('notes belong to the scope in which they are made, and numbers add up', async () => {
  const tracer = createTracer({ add: () => undefined }, keptLog());
  const scopes = [tracer.scope(newTrace()), tracer.scope(newTrace())];
  tracer.note('lost', 1);
  await Promise.all(
    scopes.map((scope, index) =>
      tracer.within(scope, async () => {
        for (let times = 0; times <= index; times += 1) {
          await new Promise(setImmediate);
          tracer.note('count', 2);
          tracer.note('name', `of ${index}`);
        }
        expect(tracer.current()).toBe(scope.context);
      }),
    ),
  );
  expect(tracer.current()).toBeNull();
  expect(scopes.map(({ notes }) => Object.fromEntries(notes))).toEqual([
    { count: 2, name: 'of 0' },
    { count: 4, name: 'of 1' },
  ]);
});

test('what nobody wants recorded goes nowhere, and a sink that fails hurts nobody', () => {
  const taken: Span[] = [];
  const log = keptLog();
  createTracer({ add: (one) => taken.push(one) }, log).record(span({ context: { ...newTrace(), sampled: false } }));
  expect(taken).toEqual([]);
  const failing = () => {
    throw new Error('no');
  };
  createTracer({ add: failing }, log).record(span());
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'could not record a span' }]);
});
