import { formatTraceparent, newTrace, parseTraceparent, spanOf, traceIdOf } from '../../src/trace-context.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('the header traceparent', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    [`00-${traceId}-${spanId}-03`, true],
    // Later versions may have more flags and members.
    [`01-${traceId}-${spanId}-09`, true],
    [`cc-${traceId}-${spanId}-01-what-will-be`, true],
  ])('%s is read', (text, sampled) => {
    expect(parseTraceparent(text)).toEqual({ traceId, spanId, sampled });
  });

  test.each([
    '',
    '00',
    traceId,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-1`,
    `00-${traceId}-${spanId}-01-`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `cc-${traceId}-${spanId}-01.more`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}g-${spanId}-01`,
    `00-${traceId.slice(1)}-${spanId}-01`,
    ` 00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01\n`,
    `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(300)}`,
  ])('%j is malformed', (text) => {
    expect(parseTraceparent(text)).toBeNull();
  });

  test('comes back as it was', () => {
    for (const sampled of [true, false]) {
      const context = { ...newTrace(), sampled };
      expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
    }
  });
});

test('the span of a subject is always the same, in its trace, and of no other subject', () => {
  const parent = { traceId, spanId, sampled: false };
  const own = spanOf(parent, 'build 1');
  expect(own).toEqual({ traceId, spanId: expect.stringMatching(/^[\da-f]{16}$/), sampled: false });
  expect(spanOf({ ...parent, spanId: 'c'.repeat(16) }, 'build 1')).toEqual(own);
  expect(spanOf(parent, 'build 2').spanId).not.toBe(own.spanId);
  expect(spanOf({ ...parent, traceId: 'd'.repeat(32) }, 'build 1').spanId).not.toBe(own.spanId);
});

test('a row without a trace, or with one that nobody can read, belongs to none', () => {
  expect(traceIdOf({})).toBeNull();
  expect(traceIdOf({ traceparent: null })).toBeNull();
  expect(traceIdOf({ traceparent: 'what' })).toBeNull();
  expect(traceIdOf({ traceparent: `00-${traceId}-${spanId}-01` })).toBe(traceId);
});
