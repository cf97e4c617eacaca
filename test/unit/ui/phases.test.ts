import type { Deployment } from '../../../ui/src/api/types.js';
import { effectOf } from '../../../ui/src/pages/deployment/effect.js';
import { notesOf } from '../../../ui/src/pages/deployment/note-list.js';
import { stepName } from '../../../ui/src/pages/deployment/step-names.js';
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

test('of several hosts it is the step of the one that the error names', () => {
  const onB = { ...step(1, 3, true), host: 'b' };
  expect(failedStep([onB, step(2, 4, true)], 'a')).toBe(1);
  expect(failedStep([onB, step(2, 4, true)], 'c')).toBe(0);
  // The step around it has done its own part.
  const steps = [step(1, 5, true), step(2, 5, true), step(6, 9)];
  expect(steps.map((_, index) => stateOfStep({ steps, finishedAt: at(9) }, index))).toEqual(['done', 'failed', 'done']);
});

const named = (name: string, from: number, to: number, failed = false) => ({ ...step(from, to, failed), name });
const release = { number: 4, branch: 'main', commit: 'e', tag: '1.2.0-4-e11b99b', digest: 'd4' };
const before = { number: 3, tag: '1.1.0-2-0f9de36', digest: 'd3' };
const error: Deployment['error'] = { code: 'version-mismatch', message: 'm', host: 'a', blame: 'service' };

test('steps say what they do, with the release, also on the way back', () => {
  const way = [
    named('create a container: no container has these parameters', 0, 1),
    named('replace: another container runs in its place', 1, 5, true),
    named('verify: it has just started', 2, 5, true),
    named('replace: another container runs in its place', 6, 8),
    named('verify: it has just started', 7, 8),
    named('drain at the balancer', 8, 9),
  ];
  const failed = { steps: way, release, from: before, error, status: 'rolled-back' as const };
  const names = [
    'a: create a container of 1.2.0-4',
    'a: put 1.2.0-4 in place',
    'a: verify 1.2.0-4',
    'a: going back: put 1.1.0-2 in place',
    'a: going back: verify 1.1.0-2',
    'a: going back: drain at the balancer',
  ];
  expect(way.map((_, index) => stepName(failed, index))).toEqual(names);
  // Of one that somebody canceled no step failed.
  const stopped = way.map((one) => ({ ...one, failed: false }));
  expect(stopped.map((_, index) => stepName({ ...failed, steps: stopped, error: null }, index))).toEqual(names);
  const forward = { ...failed, error: null, status: 'succeeded' as const, from: { ...before, tag: release.tag } };
  expect(stepName({ ...forward, steps: [named('start: it does not run', 0, 1)] }, 0)).toBe(
    'a: start 1.2.0-4, release 4',
  );
});

test('a failure says what it meant for users, and which hosts were not changed', () => {
  const hosts: Deployment['hosts'] = [
    { host: 'a', state: 'undone', verifications: [] },
    { host: 'b', state: 'ready', verifications: [] },
  ];
  const ended = { kind: 'deployment', hosts, error, from: before } as const;
  expect(effectOf({ ...ended, status: 'failed' })).toBe(
    'Nothing that users reached was replaced, so it failed and was not rolled back: host a went back before users came. ' +
      'Host b was not changed.',
  );
  expect(effectOf({ ...ended, status: 'rolled-back', hosts: hosts.slice(0, 1) })).toBe(
    'Users could reach it before host a went back.',
  );
  expect(effectOf({ ...ended, status: 'succeeded' })).toBe('');
  expect(effectOf({ ...ended, status: 'failed', from: null })).toBe('');
});

test('a warning that several hosts share is one note', () => {
  const hosts: Deployment['hosts'] = ['a', 'b'].map((host) => ({ host, state: 'done', verifications: [] }));
  expect(notesOf({ hosts, warnings: ['b: no forwarding: none', 'a: no forwarding: none', 'left: out'] })).toEqual([
    { hosts: ['a', 'b'], text: 'no forwarding: none' },
    { hosts: [], text: 'left: out' },
  ]);
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
