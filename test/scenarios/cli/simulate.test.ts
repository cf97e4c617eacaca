/** What rules would have decided: over history, and over what was recorded. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { RulesComparison } from '../../../src/operations/compare-rules.js';
import type { RangePlan } from '../../../src/operations/plan-range.js';
import { useCli } from '../../support/cli.js';
import { useGitStage, type FakeStage } from '../../support/fake-stage.js';

jest.setTimeout(90_000);

const cli = useCli();
const open = useGitStage();
const web = { repository: 'abc/app', path: 'web', excludedRegions: ['**/*.md'] };
const api = { repository: 'abc/app', path: 'api' };
const files = { 'web/Dockerfile': 'FROM scratch\nCOPY . /\n', 'api/Dockerfile': 'FROM scratch\nCOPY . /\n' };

/** A history: begun, web changed, api's documents changed, a branch merged that changed web twice, everything reverted. */
async function history({ repo }: FakeStage) {
  const root = await repo.commit({ files: { ...files, 'web/a': '1', 'api/README.md': '1' }, message: 'Begin' });
  const changed = await repo.commit({ files: { 'web/a': '2' }, message: 'Change web\n\nbody' });
  await repo.commit({ files: { 'api/README.md': '2', 'web/README.md': '2' }, message: 'Write\u001b[31m\u202e more' });
  const side = await repo.commit({
    files: { 'web/a': '3' },
    parents: [changed],
    branch: 'side',
    message: 'On the side',
  });
  const tip = await repo.tip('main');
  await repo.commit({ files: { 'web/a': '3' }, parents: [tip ?? '', side], message: 'Merge side' });
  const last = await repo.commit({ files: { 'README.md': '1' }, message: 'Outside' });
  return { root, changed, last };
}

const plan = (stage: FakeStage, ...more: string[]) =>
  cli('plan', '--config', stage.slipway.configFile, '--repository', 'abc/app', '--branch', 'main', ...more);

test('a range of history is decided commit by commit along the first parents, with totals', async () => {
  const stage = await open({ services: { web, api } });
  const { root, last } = await history(stage);
  const { stdout } = await plan(stage, '--range', `${root}..${last.slice(0, 10)}`, '--json');
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
  const { commits, totals } = JSON.parse(stdout) as RangePlan;
  const said = commits.map(({ subject, decisions }) => [
    subject,
    ...decisions.map(({ decision, reason }) => `${decision} ${reason.code}`),
  ]);
  expect(said).toEqual([
    ['Change web', 'build included-path-changed', 'skip no-included-path-changed'],
    ['Write\u001b[31m\u202e more', 'skip only-excluded-paths-changed', 'build included-path-changed'],
    ['Merge side', 'build included-path-changed', 'skip no-included-path-changed'],
    ['Outside', 'skip no-included-path-changed', 'skip no-included-path-changed'],
  ]);
  expect(totals).toEqual([
    { service: 'web', builds: 2, skips: 2 },
    { service: 'api', builds: 1, skips: 3 },
  ]);
  expect(commits.at(-1)?.decisions[0]).toMatchObject({ service: 'web', base: commits[2]?.commit, head: last });
  expect(await stage.slipway.builds()).toEqual([]);
});

test('as a table it names the builds of each commit, and shows control characters instead of obeying them', async () => {
  const stage = await open({ services: { web, api } });
  const { root } = await history(stage);
  const { stdout, code } = await plan(stage, '--range', `${root}..`);
  const lines = stdout.split('\n').map((line) => line.split(/ {2,}/).slice(2));
  expect(lines.slice(0, 5)).toEqual([
    ['SUBJECT', 'SERVICE', 'REASON', 'WHY'],
    ['Change web', 'web', 'included-path-changed', '1 path of the service changed: web/a (web/**).'],
    [
      'Write\\u001b[31m\\u202e more',
      'api',
      'included-path-changed',
      '1 path of the service changed: api/README.md (api/**).',
    ],
    ['Merge side', 'web', 'included-path-changed', '1 path of the service changed: web/a (web/**).'],
    ['Outside', '-', '2 skipped'],
  ]);
  expect(stdout).toMatch(/all, in 4 commits +3 builds, 5 skips\n$/);
  expect(code).toBe(0);
});

test.each([
  [['--range', 'abc'], 1, 'invalid-request: "abc" is not a range: write A..B or A..'],
  [['--range', 'a\u202e'], 1, 'invalid-request: "a\\u202e" is not a range'],
  [['--range', 'dead..'], 1, 'unknown-revision: abc/app has no commit "dead".'],
  [['--range', 'a..b', '--head', 'c'], 2, '--range says what --base and --head would.'],
])('a wrong range is reported: %j', async (words, code, message) => {
  const stage = await open({ services: { web, api } });
  await history(stage);
  expect(await plan(stage, ...words)).toMatchObject({ code, stderr: expect.stringContaining(message) });
});

test('recorded decisions that another configuration changes are listed, and nothing is changed by that', async () => {
  const stage = await open({ services: { web, api } });
  const { slipway } = stage;
  await stage.begin({ ...files, 'docker/Dockerfile': null });
  await stage.push({ 'web/README.md': '1' });
  await stage.push({ 'web/a': '1' });
  await slipway.quiet();
  await slipway.post('/rebuild/web', { branch: 'main' });
  await slipway.quiet();
  const recorded = await slipway.running.store.decisions.last(100);
  const oldFile = join(slipway.folder, 'old.yaml');
  await copyFile(slipway.configFile, oldFile);
  await slipway.writeConfig({ services: { web: { ...web, excludedRegions: [] } } });

  const compared = await cli('check', '--config', slipway.configFile, '--against', oldFile, '--json');
  const { changed, passedOver, compared: count } = JSON.parse(compared.stdout) as RulesComparison;
  expect(changed.map(({ service, before, after }) => [service, before?.reason.code, after?.reason.code])).toEqual([
    ['api', 'no-included-path-changed', undefined],
    ['api', 'no-included-path-changed', undefined],
    ['web', 'only-excluded-paths-changed', 'included-path-changed'],
    ['api', 'first-build', undefined],
  ]);
  expect([passedOver, count + passedOver]).toEqual([1, recorded.length]);
  const table = await cli('check', '--config', slipway.configFile, '--against', oldFile, '--last', '3');
  expect(table).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 of the last 2 decisions would be another/) });
  expect(await slipway.running.store.decisions.last(100)).toEqual(recorded);
});
