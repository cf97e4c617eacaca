import { failedStep, phaseOf, stateOfStep } from '../../../ui/src/pages/deployment/phases.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const step = (from: number, to: number | null, failed = false) => ({
  ...{ name: 'verify', host: 'a', startedAt: at(from), finishedAt: to === null ? null : at(to), line: null, failed },
});

test('the step that failed is the innermost of the first that did', () => {
  const replace = step(1, 5, true);
  const verify = step(2, 5, true);
  const back = step(6, 9, true);
  expect(failedStep([step(0, 1), replace, verify, back])).toBe(2);
  expect(failedStep([replace, step(6, 7), back])).toBe(0);
  expect(failedStep([step(0, 1)])).toBeNull();
});

test('a step goes on, is done, or failed', () => {
  const steps = [step(0, 1), step(1, 2, true), step(2, null)];
  expect([0, 1, 2].map((index) => stateOfStep({ steps, finishedAt: null }, index))).toEqual([
    'done',
    'failed',
    'running',
  ]);
  expect(stateOfStep({ steps, finishedAt: at(3) }, 2)).toBe('failed');
});

test.each([
  ['verifying', false, 'running'],
  ['verifying', true, 'canceled'],
  ['ready', false, 'pending'],
  ['ready', true, 'skipped'],
  ['waiting', true, 'skipped'],
  ['done', true, 'succeeded'],
  ['undone', true, 'rolled-back'],
  ['failed', true, 'failed'],
] as const)('a host that is %s (ended: %s) is shown as %s', (state, hasEnded, shown) => {
  expect(phaseOf({ state }, hasEnded).state).toBe(shown);
});
