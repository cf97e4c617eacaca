import type { Clock } from '../../../src/clock.js';
import { SlipwayError } from '../../../src/errors.js';
import type { GitHost } from '../../../src/git/contract.js';
import { createFakeHost } from '../../support/fake-host.js';
import { environmentOf, hostSettings } from '../../support/own-containers.js';
import { askNeighbours, type Neighbours } from '../../../src/server/reach.js';

const never: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
const atOnce: Clock = { now: () => 0, sleep: async () => undefined };
const well = async () => undefined;
const refs = { defaultBranch: null, heads: new Map(), tags: new Map(), tagIds: new Map() };

/** Knows every repository but these. */
const gitWithout = (...unknown: string[]) =>
  ({
    mirror: (name: string) => ({
      remote: {
        refs: async () => {
          if (unknown.includes(name)) throw new SlipwayError('git-unauthorized', `no ${name}`);
          return refs;
        },
      },
    }),
  }) as unknown as GitHost;

const ask = (parts: Partial<Neighbours> = {}) =>
  askNeighbours({
    engine: { ping: well },
    registry: { ping: well },
    git: gitWithout(),
    repositories: ['a/b', 'a/c'],
    hosts: { find: async () => null },
    environments: () => new Map(),
    clock: never,
    ...parts,
  });

test('all that answer are reached', async () => {
  expect(await ask()).toEqual([
    { name: 'engine', ok: true, message: 'reached' },
    { name: 'registry', ok: true, message: 'reached' },
    { name: 'git', ok: true, message: 'reached (2 repositories)' },
  ]);
});

test('one that does not answer has its reason in one line', async () => {
  const ping = () => Promise.reject(new SlipwayError('engine-unavailable', 'It is away.\nReally.'));
  const [engine, registry] = await ask({ engine: { ping } });
  expect(engine).toEqual({ name: 'engine', ok: false, message: 'cannot be reached: It is away. Really.' });
  expect(registry?.ok).toBe(true);
});

test('one that never answers is not waited for', async () => {
  const [, registry] = await ask({ registry: { ping: () => new Promise(() => undefined) }, clock: atOnce });
  expect(registry).toEqual({ name: 'registry', ok: false, message: 'cannot be reached: no answer in 10 seconds' });
});

test('the hosts of environments are asked too, and those that do not answer are named', async () => {
  const [a, b] = [createFakeHost({ name: 'a' }), createFakeHost({ name: 'b' })];
  const environments = () => new Map([['production', environmentOf([hostSettings('a'), hostSettings('b')])]]);
  const hosts = { find: async (_: string, name: string) => (name === 'a' ? a : b) };
  expect((await ask({ environments, hosts }))[3]).toEqual({ name: 'hosts', ok: true, message: 'reached (2 hosts)' });
  b.setAway(true);
  expect((await ask({ environments, hosts }))[3]).toEqual({
    name: 'hosts',
    ok: false,
    message: expect.stringMatching(/^cannot be reached: 1 of 2 hosts: production\/b: /),
  });
});

test('repositories that git does not give are counted, and some are named', async () => {
  const gone = ['a/1', 'a/2', 'a/3', 'a/4'];
  const git = gitWithout(...gone);
  const [, , found] = await ask({ git, repositories: [...gone, 'a/b'] });
  expect(found?.message).toBe('cannot be reached: 4 of 5 repositories: a/1: no a/1; a/2: no a/2; a/3: no a/3; …');
});

test('without a repository there is nothing to ask git', async () => {
  const [, , git] = await ask({ repositories: [] });
  expect(git).toEqual({ name: 'git', ok: true, message: 'not asked: no service is configured' });
});
