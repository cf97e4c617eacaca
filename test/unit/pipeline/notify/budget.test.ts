import { createBudget } from '../../../../src/pipeline/notify/github/budget.js';
import { manualClock } from '../../../support/manual-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

test('no more than 60 requests are made in a minute, and no more than 400 in an hour', () => {
  const clock = manualClock(0);
  const budget = createBudget(clock);
  let made = 0;
  let first = 0;
  for (; clock.now() < HOUR_MS - MINUTE_MS; clock.advance(1_000)) {
    while (budget.take('end') === null) made += 1;
    if (clock.now() === 0) first = made;
  }
  expect([first, made]).toEqual([60, 400]);
});

test('says when there is room again', () => {
  const clock = manualClock(0);
  const budget = createBudget(clock);
  for (let count = 0; count < 60; count += 1) {
    expect(budget.take('end')).toBeNull();
    clock.advance(10);
  }
  expect(budget.take('end')).toBe(MINUTE_MS);
  clock.advance(MINUTE_MS - clock.now());
  expect(budget.take('end')).toBeNull();
  expect(budget.take('end')).toBe(MINUTE_MS + 10);
  clock.advance(10);
  expect(budget.take('end')).toBeNull();
});

test('what is pending leaves half to what ends', () => {
  const budget = createBudget(manualClock(0));
  for (let count = 0; count < 30; count += 1) expect(budget.take('pending')).toBeNull();
  expect(budget.take('pending')).toBe(MINUTE_MS);
  for (let count = 0; count < 30; count += 1) expect(budget.take('end')).toBeNull();
  expect(budget.take('end')).toBe(MINUTE_MS);
});

test('a clock that was set back keeps nothing waiting', () => {
  const clock = manualClock(HOUR_MS);
  const budget = createBudget(clock);
  while (budget.take('end') === null);
  clock.advance(-HOUR_MS);
  expect(budget.take('end')).toBeNull();
});
