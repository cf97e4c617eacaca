import { createRefusals } from '../../../../src/pipeline/accept/refusals.js';
import { SlipwayError } from '../../../../src/errors.js';
import type { Moments } from '../../../../src/store/contract.js';
import { keptLog } from '../../../support/kept-log.js';

/** Moments in memory that write down what was noted, and a clock that a test sets. */
function surroundings() {
  const kept = new Map<string, number>();
  const noted: string[] = [];
  const state = { now: 1_000_000, away: false };
  const moments: Moments = {
    all: async () => new Map(kept),
    async note(name, at) {
      if (state.away) throw new SlipwayError('store-unavailable', 'away');
      noted.push(name);
      kept.set(name, at);
    },
  };
  const open = () => createRefusals({ store: { moments }, clock: { now: () => state.now }, log: keptLog() });
  return { state, noted, open };
}

test('only what refuses a request counts', async () => {
  const refusals = surroundings().open();
  for (const answer of ['accepted', 'duplicate', 'pong', 'ignored', 'internal']) refusals.note(answer);
  expect(await refusals.sinceSweep()).toBeNull();
  refusals.note('invalid-payload');
  expect(await refusals.sinceSweep()).toBe('invalid-payload');
});

test('the newest refusal is reported, if it came since the last sweep began', async () => {
  const { state, open } = surroundings();
  const refusals = open();
  refusals.note('invalid-signature');
  state.now += 10;
  const began = state.now;
  refusals.note('payload-too-large');
  await refusals.swept(began);
  expect(await refusals.sinceSweep()).toBe('payload-too-large');
  await refusals.swept(began + 1);
  expect(await refusals.sinceSweep()).toBeNull();
});

test('a flood is written once in ten seconds, and known to the next process', async () => {
  const { state, noted, open } = surroundings();
  const refusals = open();
  for (let at = 0; at < 100; at += 1) {
    state.now += 100;
    refusals.note('invalid-signature');
  }
  expect(noted).toEqual(['refused invalid-signature']);
  state.now += 100;
  refusals.note('invalid-signature');
  expect(noted).toHaveLength(2);
  expect(await open().sinceSweep()).toBe('invalid-signature');
  await refusals.swept(state.now + 1);
  expect(await open().sinceSweep()).toBeNull();
});

test('what cannot be written is remembered', async () => {
  const { state, open } = surroundings();
  const refusals = open();
  state.away = true;
  refusals.note('store-unavailable');
  expect(await refusals.sinceSweep()).toBe('store-unavailable');
});
