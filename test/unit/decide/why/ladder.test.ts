import { branchRules, decide } from '../../../../src/decide/decide.js';
import { decideTag, tagRules, type TagFacts } from '../../../../src/decide/decide-tag.js';
import type { CaughtPaths, Facts, SinceBaseline } from '../../../../src/decide/facts.js';
import { ladderOf } from '../../../../src/decide/why/ladder.js';
import type { ReasonCode } from '../../../../src/model/decision.js';

const none: CaughtPaths = { count: 0, first: [], patterns: [] };
const some: CaughtPaths = { count: 1, first: [{ path: 'a', pattern: '**' }], patterns: ['**'] };
const paths = { counted: none, excluded: none, outside: none, runFiles: none };
const same: SinceBaseline = {
  messages: ['Change something'],
  paths,
  packaging: { from: 'central:1', to: 'central:1' },
  bases: [],
  settingsChanged: false,
  runFile: { from: '1', to: '1' },
};
const facts: Facts = {
  ...{ service: 'app', branch: 'main', head: 'b', forced: null, branchConfigured: true, artifact: null },
  ...{ baseline: 'a'.repeat(40), since: same },
};
const since = (changes: Partial<SinceBaseline>): Partial<Facts> => ({ since: { ...same, ...changes } });

/** What makes each rule hold, whatever the rules after it say. */
const holds: Partial<Record<ReasonCode, Partial<Facts>>> = {
  forced: { forced: 'ops asked.' },
  'branch-not-configured': { branchConfigured: false },
  'waiting-for-artifact': { artifact: 'none' },
  'first-build': { baseline: null },
  'baseline-unavailable': { since: null },
  'skip-ci': since({ messages: ['[skip ci]'] }),
  'included-path-changed': since({ paths: { ...paths, counted: some } }),
  'packaging-changed': since({ packaging: { from: 'central:1', to: 'central:2' } }),
  'base-image-changed': since({ bases: [{ reference: 'base:main', from: null, to: '2' }] }),
  'settings-changed': since({ settingsChanged: true }),
  'only-run-file-changed': since({ paths: { ...paths, runFiles: some } }),
  'no-change': {},
  'only-excluded-paths-changed': since({ paths: { ...paths, excluded: some } }),
  'no-included-path-changed': since({ paths: { ...paths, outside: some } }),
};

test('the rules of branches are those that can hold, each by the code that it gives', () => {
  expect(Object.keys(holds)).toEqual(branchRules);
  expect(branchRules.map((code) => decide({ ...facts, ...holds[code] }).reason.code)).toEqual(branchRules);
});

test('an earlier rule holds before a later one', () => {
  const at = branchRules.indexOf('skip-ci');
  const [first, ...later] = branchRules.slice(0, at);
  for (const [index, code] of [first ?? 'forced', ...later].entries()) {
    const both = later.slice(index).map((other) => ({ ...facts, ...holds[other], ...holds[code] }));
    expect(both.map((one) => decide(one).reason.code)).toEqual(both.map(() => code));
  }
});

test('the rules of git tags are those that can hold, each by the code that it gives', () => {
  const commit = 'a'.repeat(40);
  const free: TagFacts = {
    ...{ gitTag: 'v1', commit, configured: true, forced: null, imageOf: null, imageTag: '1', artifactMissing: false },
  };
  const tags: Partial<Record<ReasonCode, Partial<TagFacts>>> = {
    forced: { forced: 'ops asked.' },
    'branch-not-configured': { configured: false },
    'waiting-for-artifact': { artifactMissing: true },
    'git-tag': {},
    'no-change': { imageOf: commit },
    'tag-exists': { imageOf: 'b'.repeat(40) },
  };
  expect(Object.keys(tags)).toEqual(tagRules);
  expect(tagRules.map((code) => decideTag({ ...free, ...tags[code] }).reason.code)).toEqual(tagRules);
});

test('rules before the one that held were asked, and those after it were not', () => {
  const { reason } = decide({ ...facts, ...holds['skip-ci'] });
  const ladder = ladderOf({ branch: 'main', reason, base: 'a'.repeat(40) });
  expect(ladder.map(({ held }) => held)).toEqual([...Array(5).fill('no'), 'yes', ...Array(8).fill('not-asked')]);
  expect(ladder[5]).toEqual({
    ...{ rule: 'skip-ci', words: 'every commit says [skip ci]', held: 'yes' },
    note: reason.message,
  });
  expect(ladder[3]?.note).toBe('Last built: aaaaaaa.');
});

test('a git tag has rules of its own', () => {
  const reason = { code: 'no-change', message: 'It is there.', paths: [], patterns: [] } as const;
  const ladder = ladderOf({ branch: 'refs/tags/v1', reason, base: null });
  expect(ladder.map(({ words, held }) => `${words}: ${held}`)).toEqual([
    'a rebuild or a call asked for it: no',
    'the git tag is not configured: no',
    'the commit has no artifact: no',
    'the image tag is free: no',
    'the image tag holds the commit already: yes',
    'the image tag is taken: not-asked',
  ]);
});
