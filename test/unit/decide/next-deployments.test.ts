import { nextDeployments } from '../../../src/decide/next-deployments.js';
import type { Deployment } from '../../../src/model/deployment.js';

/** `production/app`, with what is special about it. */
const one = (id: string, over: Partial<Deployment> = {}): Deployment => {
  const [environment = '', service = ''] = id.split('/');
  const usual: Partial<Deployment> = { status: 'pending', notBefore: 0, startedAt: null, build: null };
  const release = { number: 1, branch: 'main', commit: 'c', tag: null, digest: 'd' };
  return { ...usual, id, environment, service, release, ...over } as Deployment;
};
const running = (id: string) => one(id, { status: 'running', startedAt: 1 });
const next = (...unfinished: readonly Deployment[]) =>
  nextDeployments({ unfinished, concurrency: (environment) => (environment === 'wide' ? 2 : 1), now: 10 });

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
  ['not while it is put back for a while', [one('wide/a'), one('wide/a/2', { startedAt: 5, notBefore: 11 })], []],
])('%s', (_, unfinished, expected) => expect(next(...unfinished)).toEqual(expected));
