import { where, type WhereFacts } from '../../../src/decide/where.js';

const hosts = (...runs: readonly (boolean | null)[]) =>
  runs.map((its, index) => ({ host: String.fromCharCode(97 + index), runs: its }));
type Status = NonNullable<WhereFacts['deployment']>['status'];
const deployment = (status: Status, message: string | null = null) => ({
  ...{ id: 'd1', release: 3, status, message },
  waitsFor: null,
});
const window = { message: 'The window of production is closed.', until: Date.UTC(2026, 0, 7, 19) };
const facts = (changes: Partial<WhereFacts>): WhereFacts => ({
  environment: 'production',
  hosts: hosts(false, false),
  image: { kind: 'covered' },
  deployment: null,
  isBlocked: false,
  desired: null,
  desiredRelease: 4,
  ...changes,
});
const notCovered = (kind: 'build-failed' | 'build-skipped' | 'not-built') => ({ kind, message: `It is ${kind}.` });
const everything = { image: notCovered('build-failed'), isBlocked: true, deployment: deployment('pending') };

test.each<[string, Partial<WhereFacts>, string, string, RegExp]>([
  ['each host runs it', { ...everything, hosts: hosts(true, true) }, 'yes', 'running', /It runs on a, b\./],
  ['some hosts do not', { ...everything, hosts: hosts(true, false, null) }, 'partly', 'partly', /on a, not on b\./],
  [
    'of some hosts it is not known',
    { ...everything, hosts: hosts(true, null) },
    'unknown',
    'host-unreachable',
    /runs on a\. What runs on b is not known/,
  ],
  ['of one it is not known, and the other does not', { hosts: hosts(false, null) }, 'unknown', 'host-unreachable', /b/],
  ['there is no host at all', { hosts: [] }, 'no', 'not-requested', /./],
  ['a deployment waits', everything, 'no', 'waiting', /Deployment d1 of release 3 waits\./],
  [
    'a deployment waits for something',
    { deployment: { ...deployment('pending'), waitsFor: window } },
    'no',
    'waiting',
    /^Deployment d1 of release 3 waits: The window of production is closed \(until 2026-01-07T19:00:00\.000Z\)\.$/,
  ],
  [
    'a deployment waits before its switch',
    { deployment: { ...deployment('running'), waitsFor: { message: '0 of 1 approvals.', until: null } } },
    'no',
    'waiting',
    /^Deployment d1 of release 3 waits: 0 of 1 approvals\.$/,
  ],
  [
    'its idle hosts run it before the switch',
    { hosts: hosts(true, false), deployment: { ...deployment('running'), waitsFor: window } },
    'partly',
    'partly',
    /^It runs on a, not on b\. Deployment d1 of release 3 waits: The window .*19:00.*\)\.$/,
  ],
  ['a deployment runs', { deployment: deployment('running') }, 'no', 'waiting', /runs\./],
  ['its build failed', { ...everything, deployment: null }, 'no', 'build-failed', /It is build-failed/],
  ['it was skipped', { image: notCovered('build-skipped') }, 'no', 'build-skipped', /./],
  ['nothing was built', { image: notCovered('not-built') }, 'no', 'not-built', /./],
  [
    'its release is blocked',
    { isBlocked: true, deployment: deployment('rolled-back', 'it crashed') },
    'no',
    'blocked',
    /^Release 3 is blocked: deployment d1 ended rolled-back: it crashed$/,
  ],
  [
    'somebody rolled back from its release',
    { isBlocked: true, deployment: deployment('succeeded') },
    'no',
    'blocked',
    /^Release 3 is blocked: somebody rolled back from it \(deployment d1 had brought it\)\.$/,
  ],
  ['it went back', { deployment: deployment('rolled-back') }, 'no', 'rolled-back', /ended rolled-back\./],
  ['it failed', { deployment: deployment('failed', 'no host') }, 'no', 'failed', /ended failed: no host/],
  ['it was canceled', { deployment: deployment('canceled') }, 'no', 'canceled', /./],
  ['it was superseded', { deployment: deployment('superseded') }, 'no', 'superseded', /./],
  ['another one came', { deployment: deployment('succeeded') }, 'no', 'replaced', /release 4 took its place/],
  [
    'it was removed',
    { deployment: deployment('succeeded'), desiredRelease: null },
    'no',
    'replaced',
    /the service was removed/,
  ],
  ['it was stopped', { deployment: deployment('succeeded'), desired: 'stopped' }, 'no', 'replaced', /was stopped/],
  [
    'it does not stay up',
    { deployment: deployment('succeeded'), desired: 'running' },
    'no',
    'failed',
    /do not run now/,
  ],
  ['its deployment is forgotten, and it does not run', { desired: 'running' }, 'no', 'failed', /is desired/],
  ['nobody asked', {}, 'no', 'not-requested', /Nobody asked for it in production/],
])('where: %s', (_, changes, runs, code, message) => {
  const answer = where(facts(changes));
  expect([answer.runs, answer.reason.code]).toEqual([runs, code]);
  expect(answer.reason.message).toMatch(message);
});

test('the hosts are those that run it', () => {
  expect(where(facts({ hosts: hosts(false, true, null) })).hosts).toEqual(['b']);
});
