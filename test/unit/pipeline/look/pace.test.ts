import { createPace } from '../../../../src/pipeline/look/pace.js';

const [app, main] = ['abc/app', 'refs/heads/main'] as const;

test('a push that comes alone waits for nothing', () => {
  const pace = createPace();
  expect(pace.afterPush(app, main, 1_000)).toBe(1_000);
  expect(pace.afterPush(app, main, 1_500)).toBe(1_500);
});

test('one that follows another waits until none has come for a moment', () => {
  const pace = createPace();
  pace.afterPush(app, main, 1_000);
  expect(pace.afterPush(app, main, 1_499)).toBe(1_999);
  expect(pace.afterPush(app, main, 1_900)).toBe(2_400);
  expect(pace.afterPush(app, main, 2_400)).toBe(2_400);
});

test('pushes that never cease are waited for so long and no longer', () => {
  const pace = createPace();
  const begins = Array.from({ length: 50 }, (_, at) => pace.afterPush(app, main, at * 400));
  expect(begins[1]).toBe(900);
  expect(Math.max(...begins.slice(0, 38))).toBe(15_000);
  expect(begins.slice(38)).toEqual(Array.from({ length: 12 }, (_, at) => (at + 38) * 400));
});

test('other branches and repositories have a pace of their own', () => {
  const pace = createPace();
  pace.afterPush(app, main, 1_000);
  expect(pace.afterPush(app, 'refs/heads/other', 1_001)).toBe(1_001);
  expect(pace.afterPush('abc/other', main, 1_002)).toBe(1_002);
});

test('a clock that is set back leaves nothing waiting', () => {
  const pace = createPace();
  pace.afterPush(app, main, 9_000);
  expect(pace.afterPush(app, main, 1_000)).toBe(1_000);
});
