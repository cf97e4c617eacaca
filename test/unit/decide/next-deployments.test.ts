import { nextDeployments } from '../../../src/decide/next-deployments.js';
import type { Deployment } from '../../../src/model/deployment.js';

/** `production/app`, with what is special about it. */
const one = (id: string, over: Partial<Deployment> = {}): Deployment => {
  const [environment = '', service = ''] = id.split('/');
  const usual: Partial<Deployment> = {
    ...{ status: 'pending', notBefore: 0, startedAt: null, build: null },
    ...{ gate: null, turnedBack: null, cancelRequested: false },
  };
  const release = { number: 1, branch: 'main', commit: 'c', tag: null, digest: 'd' };
  return { ...usual, id, environment, service, release, ...over } as Deployment;
};
const running = (id: string) => one(id, { status: 'running', startedAt: 1 });
const next = (...unfinished: readonly Deployment[]) =>
  nextDeployments({
    ...{ unfinished, now: 10, concurrency: (environment) => (environment === 'wide' ? 2 : 1) },
    isHeldBack: ({ environment }) => environment !== 'open',
  });
/** It has begun, and waits at its gate. */
const atGate = (id: string, over: Partial<Deployment> = {}) => one(id, { startedAt: 1, gate: 'waits', ...over });

test.each<[string, readonly Deployment[], readonly string[]]>([
  ['nothing waits', [], []],
  ['one that may start', [one('p/a')], ['p/a']],
  ['one that runs', [running('p/a')], []],
  ['one at a time of a service', [running('wide/a'), one('wide/a/2')], []],
  ['others beside it, if the environment allows', [running('wide/a'), one('wide/b')], ['wide/b']],
  ['no more than it allows', [running('wide/a'), one('wide/b'), one('wide/c')], ['wide/b']],
  ['each environment by itself', [running('p/a'), one('q/a')], ['q/a']],
  ['the same service in another environment', [one('p/a'), one('q/a')], ['p/a', 'q/a']],
  ['the first of two of a service', [one('wide/a'), one('wide/a/2')], ['wide/a']],
  ['one that has to wait lets others pass', [one('p/a', { notBefore: 11 }), one('p/b')], ['p/b']],
  ['its time has come', [one('p/a', { notBefore: 10 })], ['p/a']],
  [
    'one without a release waits for its build',
    [one('p/a', { build: { id: 'b', branch: 'main' }, release: null })],
    [],
  ],
  ['one whose build has ended', [one('p/a', { build: { id: 'b', branch: 'main' } })], ['p/a']],
  ['one that has begun goes first', [one('p/a'), one('p/b', { startedAt: 5 })], ['p/b']],
  ['even before a rollback of the same service', [one('p/a'), one('p/a/2', { startedAt: 5 })], ['p/a/2']],
  ['one whose gate is closed', [atGate('p/a')], []],
  ['one whose gate is open', [atGate('open/a')], ['open/a']],
  ['one that waits for its gate takes no place', [atGate('p/a'), one('p/b')], ['p/b']],
  ['and lets others of its service pass', [atGate('p/a'), one('p/a/2')], ['p/a/2']],
  ['one that runs and waits for its gate takes no place', [atGate('p/a', { status: 'running' }), one('p/b')], ['p/b']],
  ['but lets none of its service pass', [atGate('wide/a', { status: 'running' }), one('wide/a/2')], []],
  ['one that is to be canceled, whatever its gate', [atGate('p/a', { cancelRequested: true })], ['p/a']],
  ['a superseded one before the newer', [atGate('p/a', { turnedBack: 'superseded' }), one('p/a/2')], ['p/a']],
  ['one that has passed its gate', [atGate('p/a', { gate: 'passed' })], ['p/a']],
  ['not while it is put back for a while', [one('wide/a'), one('wide/a/2', { startedAt: 5, notBefore: 11 })], []],
])('%s', (_, unfinished, expected) => expect(next(...unfinished)).toEqual(expected));
