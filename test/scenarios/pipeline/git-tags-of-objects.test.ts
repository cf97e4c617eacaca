/** Git tags that name no commit: a tree, or a file. */
import { useGitStage, type FakeStage } from '../../support/fake-stage.js';

const openOnGit = useGitStage();
const app = { repository: 'abc/app', version: { value: '1.0' }, gitTags: ['**'] };
const buildsOf = async (stage: FakeStage): Promise<string[]> =>
  (await stage.builds()).map(({ branch, trigger, status }) => `${branch} ${trigger.kind} ${status}`);

describe('a git tag of a tree or a file', () => {
  const openTags = async () => {
    const stage = await openOnGit({ services: { app }, config: { sweep: '5m' } });
    await stage.begin();
    return stage;
  };
  const targets = { tree: 'main^{tree}', file: 'main:src/a.txt' };

  test.each<[string, readonly string[]]>([
    ['a tree', ['tag', 'odd', targets.tree]],
    ['a file', ['tag', 'odd', targets.file]],
    ['a tree, annotated', ['tag', '-a', '-m', 'x', 'odd', targets.tree]],
    ['a file, annotated', ['tag', '-a', '-m', 'x', 'odd', targets.file]],
  ])('%s: is ignored with a reason', async (_what, args) => {
    const stage = await openTags();
    await stage.repo.git(...args);
    const after = await stage.repo.git('rev-parse', 'refs/tags/odd');
    const id = await stage.slipway.deliver('abc/app', 'refs/tags/odd', { after });
    await stage.until('the delivery to be ignored', async () => {
      const { status } = await stage.slipway.get(`/api/v1/deliveries/${id}`);
      return status !== 'accepted';
    });
    expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({
      status: 'ignored',
      reason: 'ref-not-a-commit',
      decisions: [],
    });
  });

  test('is passed over by the sweep, which builds the others', async () => {
    const stage = await openTags();
    await stage.sweep();
    await stage.repo.git('tag', 'odd', targets.tree);
    await stage.repo.git('tag', 'odder', targets.file);
    await stage.repo.git('tag', 'v3', 'main');
    await stage.sweep();
    await stage.slipway.quiet();
    expect((await buildsOf(stage)).filter((line) => line.includes('tags'))).toEqual(['refs/tags/v3 sweep succeeded']);
  });
});
