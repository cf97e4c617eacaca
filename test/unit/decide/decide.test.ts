import { decide } from '../../../src/decide/decide.js';
import type { CaughtPath, CaughtPaths, Facts, SinceBaseline } from '../../../src/decide/facts.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

const caught = (...all: CaughtPath[]): CaughtPaths => ({
  count: all.length,
  first: all.slice(0, 20),
  patterns: [...new Set(all.map(({ pattern }) => pattern))],
});
const none = caught();
const elsewhere = { count: 1, first: [{ path: 'x', pattern: '' }], patterns: [] };

const since = (changes: Partial<SinceBaseline> = {}): SinceBaseline => ({
  messages: ['Change something'],
  paths: { counted: none, excluded: none, outside: none, runFiles: none },
  packaging: { from: 'application:1', to: 'application:1' },
  bases: [],
  settingsChanged: false,
  runFile: { from: 'run-file-1', to: 'run-file-1' },
  ...changes,
});

const facts = (changes: Partial<Facts> = {}): Facts => ({
  service: 'app',
  branch: 'main',
  head: B,
  forced: null,
  branchConfigured: true,
  artifact: null,
  baseline: A,
  since: since(),
  ...changes,
});

const source = { path: 'src/app.ts', pattern: 'src/**' };
const counted = { counted: caught(source), excluded: none, outside: none, runFiles: none };
const nothing = { counted: none, excluded: none, outside: none, runFiles: none };
const run = { path: 'docker/compose.yaml', pattern: '(run file)' };
const central = { from: 'central:1', to: 'central:2' };
const base = { reference: 'registry/base:main', from: 'sha256:1', to: 'sha256:2' };

describe('each line of the decision table', () => {
  test.each<[string, Partial<Facts>, string]>([
    ['1: forced', { forced: 'ops asked.' }, 'build forced'],
    ['1: forced, whatever the rest says', { forced: 'ops asked.', branchConfigured: false }, 'build forced'],
    ['2: a branch that is not configured', { branchConfigured: false }, 'skip branch-not-configured'],
    ['3: no artifact yet', { artifact: 'none', baseline: null, since: null }, 'skip waiting-for-artifact'],
    [
      '3: source changed since the artifact',
      { artifact: { commit: A, changed: caught(source) } },
      'skip waiting-for-artifact',
    ],
    ['4: no baseline', { baseline: null, since: null }, 'build first-build'],
    [
      '4: an artifact that fits, no baseline',
      { artifact: { commit: B, changed: none }, baseline: null, since: null },
      'build first-build',
    ],
    ["5: the baseline's commit is gone", { since: null }, 'build baseline-unavailable'],
    [
      '6: every commit says skip ci',
      { since: since({ messages: ['x [skip ci]', '[ci skip] y'], paths: counted }) },
      'skip skip-ci',
    ],
    [
      '6: one commit does not',
      { since: since({ messages: ['x [skip ci]', 'y'], paths: counted }) },
      'build included-path-changed',
    ],
    [
      '6: no commits, as after going back',
      { since: since({ messages: [], paths: counted }) },
      'build included-path-changed',
    ],
    [
      '6: skip ci, but central packaging changed',
      { since: since({ messages: ['[skip ci]'], packaging: central }) },
      'build packaging-changed',
    ],
    [
      '6: skip ci, but a base is newer',
      { since: since({ messages: ['[skip ci]'], bases: [base] }) },
      'build base-image-changed',
    ],
    [
      '6: skip ci, but settings changed',
      { since: since({ messages: ['[skip ci]'], settingsChanged: true }) },
      'build settings-changed',
    ],
    ['7: a path of the regions', { since: since({ paths: counted }) }, 'build included-path-changed'],
    [
      '7 comes before 8, 9 and 10',
      { since: since({ paths: counted, packaging: central, bases: [base], settingsChanged: true }) },
      'build included-path-changed',
    ],
    ['8: packaging edited centrally', { since: since({ packaging: central }) }, 'build packaging-changed'],
    [
      '8: packaging moved',
      { since: since({ packaging: { from: 'central:1', to: 'application:1' } }) },
      'build packaging-changed',
    ],
    [
      '8: the Dockerfile is gone',
      { since: since({ packaging: { from: 'central:1', to: 'missing' } }) },
      'build packaging-changed',
    ],
    ['9: a base is newer', { since: since({ bases: [base], settingsChanged: true }) }, 'build base-image-changed'],
    ['10: settings changed', { since: since({ settingsChanged: true }) }, 'build settings-changed'],
    [
      '11: a run file only',
      { since: since({ paths: { ...nothing, runFiles: caught(run) } }) },
      'skip only-run-file-changed',
    ],
    [
      '11: a run file and paths that do not count',
      { since: since({ paths: { ...nothing, excluded: caught(source), outside: elsewhere, runFiles: caught(run) } }) },
      'skip only-run-file-changed',
    ],
    [
      '11: another run file is in force than that of the newest release',
      { since: since({ runFile: { from: 'run-file-1', to: 'none' }, paths: { ...nothing, outside: elsewhere } }) },
      'skip only-run-file-changed',
    ],
    [
      '11: without a release there is nothing to compare',
      { since: since({ runFile: { from: null, to: 'x' } }) },
      'skip no-change',
    ],
    [
      '11 comes after 7',
      { since: since({ paths: { ...counted, runFiles: caught(run) } }) },
      'build included-path-changed',
    ],
    [
      '11 comes after 10',
      { since: since({ settingsChanged: true, paths: { ...nothing, runFiles: caught(run) } }) },
      'build settings-changed',
    ],
    [
      '11 comes after 6',
      { since: since({ messages: ['[skip ci]'], paths: { ...nothing, runFiles: caught(run) } }) },
      'skip skip-ci',
    ],
    ['12: no path differs', {}, 'skip no-change'],
    [
      '12: excluded paths only',
      { since: since({ paths: { counted: none, excluded: caught(source), outside: elsewhere, runFiles: none } }) },
      'skip only-excluded-paths-changed',
    ],
    [
      '12: other paths only',
      { since: since({ paths: { counted: none, excluded: none, outside: elsewhere, runFiles: none } }) },
      'skip no-included-path-changed',
    ],
  ])('%s', (_, changes, expected) => {
    const { decision, reason } = decide(facts(changes));
    expect(`${decision} ${reason.code}`).toBe(expected);
  });
});

describe('a reason', () => {
  test('names the first twenty paths and counts all', () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ path: `src/${n}`, pattern: n % 2 ? 'src/**' : 'src/*' }));
    const { reason } = decide(
      facts({ since: since({ paths: { counted: caught(...many), excluded: none, outside: none, runFiles: none } }) }),
    );
    expect(reason.paths).toHaveLength(20);
    expect(reason.patterns).toEqual(['src/*', 'src/**']);
    expect(reason.message).toContain('30 paths');
  });

  test('names the excluding patterns of what was passed over', () => {
    const excluded = caught({ path: 'src/a.md', pattern: '**/*.md' });
    const { reason } = decide(
      facts({ since: since({ paths: { counted: none, excluded, outside: none, runFiles: none } }) }),
    );
    expect(reason).toMatchObject({ paths: ['src/a.md'], patterns: ['**/*.md'] });
  });

  test('names the run files that changed', () => {
    const { reason } = decide(facts({ since: since({ paths: { ...nothing, runFiles: caught(run) } }) }));
    expect(reason).toEqual({
      code: 'only-run-file-changed',
      message: '1 run file changed, and nothing that the image is made of: docker/compose.yaml (run file).',
      paths: ['docker/compose.yaml'],
      patterns: ['(run file)'],
    });
  });
});
