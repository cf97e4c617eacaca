import type { RemoteRefs } from '../../../src/git/contract.js';
import { missingBranches } from '../../../src/operations/missing-branches.js';
import { service } from '../../support/app.js';

const refs = (...heads: string[]): RemoteRefs => ({
  defaultBranch: null,
  heads: new Map(heads.map((name) => [name, '1'.repeat(40)])),
  tags: new Map(),
  tagIds: new Map(),
});
const none = { matches: () => false };
const app = service({
  name: 'app',
  repository: 'abc/app',
  branches: ['main', 'release/*', 'mian'].map((text) => ({ text, ...none })),
  literalBranches: ['main', 'mian'],
});
const services = new Map([['app', app]]);
const own = new Set(['app']);

test('a literal branch that the repository lacks is named with its place and near names', () => {
  expect(missingBranches(services, own, new Map([['abc/app', refs('main', 'other')]]))).toEqual([
    { path: 'services.app.branches[2]', message: 'abc/app has no branch "mian"; similar: main' },
  ]);
  expect(missingBranches(services, own, new Map([['abc/app', refs('main', 'mian')]]))).toEqual([]);
});

test('a repository without branches has nothing similar', () => {
  expect(missingBranches(services, own, new Map([['abc/app', refs()]])).map(({ message }) => message)).toEqual([
    'abc/app has no branch "main"',
    'abc/app has no branch "mian"',
  ]);
});

test('branches of defaults, and repositories that did not answer, are left out', () => {
  expect(missingBranches(services, new Set(), new Map([['abc/app', refs()]]))).toEqual([]);
  expect(missingBranches(services, own, new Map())).toEqual([]);
});
