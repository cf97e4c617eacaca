import { createIntake } from '../../../../src/pipeline/accept/intake.js';
import { manualClock } from '../../../support/manual-clock.js';

test('nobody waits where nothing is being answered', async () => {
  await createIntake(manualClock()).whenIdle();
});

test('who gives way goes on as soon as the last request is answered', async () => {
  const clock = manualClock();
  const intake = createIntake(clock);
  const [first, second] = [intake.enter(), intake.enter()];
  let isCalm = false;
  const whenIdle = intake.whenIdle().then(() => (isCalm = true));
  first();
  await Promise.resolve();
  expect(isCalm).toBe(false);
  second();
  await whenIdle;
  expect(clock.sleeping).toEqual([]);
});

test('who gives way waits a quarter of a second at most, however many requests come', async () => {
  const clock = manualClock();
  const intake = createIntake(clock);
  intake.enter();
  const whenIdle = intake.whenIdle();
  expect(clock.sleeping).toEqual([250]);
  clock.advance(250);
  await whenIdle;
});

test('who gives way lets a burst pass, answered or not', async () => {
  const clock = manualClock();
  const intake = createIntake(clock);
  for (let request = 0; request < 9; request += 1) intake.enter()();
  await intake.whenIdle();
  intake.enter()();
  const whenIdle = intake.whenIdle();
  expect(clock.sleeping).toEqual([50]);
  clock.advance(50);
  await whenIdle;
  await intake.whenIdle();
});

test('a burst of before the clock was set back holds nobody up', async () => {
  const clock = manualClock();
  const intake = createIntake(clock);
  for (let request = 0; request < 10; request += 1) intake.enter()();
  clock.advance(-3_600_000);
  await intake.whenIdle();
  expect(clock.sleeping).toEqual([]);
});
