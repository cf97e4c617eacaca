import { getEventListeners } from 'node:events';
import { abortWith } from '../../src/clock.js';

test('a controller aborts with a signal, for its reason', () => {
  const [own, other] = [new AbortController(), new AbortController()];
  abortWith(own, other.signal);
  expect(own.signal.aborted).toBe(false);
  other.abort('over');
  expect(own.signal).toMatchObject({ aborted: true, reason: 'over' });
});

test('and at once where that has aborted before', () => {
  const own = new AbortController();
  abortWith(own, AbortSignal.abort('over'));
  expect(own.signal).toMatchObject({ aborted: true, reason: 'over' });
});

test('it can be left, and nothing of it stays with the signal', () => {
  const [own, other] = [new AbortController(), new AbortController()];
  abortWith(own, other.signal)();
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
  other.abort();
  expect(own.signal.aborted).toBe(false);
});
