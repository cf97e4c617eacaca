/** Branches and git tags that the host no longer has: services are shown without them. */
import { createHeads } from '../../../src/operations/heads.js';
import { service } from '../../support/app.js';
import { createMemoryGitHost } from '../../support/memory-git.js';
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const services = {
  app: { repository: 'abc/app', version: { value: '1.0' }, branches: ['**'], gitTags: ['**'] },
};
const config = { sweep: '5m' };

interface Shown {
  readonly branches: readonly { readonly branch: string; readonly head: string | null }[];
}
const namesOf = ({ branches }: Shown): string[] => branches.map(({ branch }) => branch);
const one = async ({ slipway }: FakeStage) => namesOf(await slipway.get<Shown>('/api/v1/services/app'));
const listed = async ({ slipway }: FakeStage) => {
  const { services: all } = await slipway.get<{ services: Shown[] }>('/api/v1/services');
  return all.flatMap(namesOf);
};

/** `main`, `release/9` and the git tag `v1`, all built. */
async function begin(stage: FakeStage): Promise<string> {
  const head = await stage.begin();
  await stage.repo.branch('release/9', head);
  await stage.deliver('release/9');
  await stage.repo.tag('v1', head);
  await stage.slipway.push('abc/app', 'refs/tags/v1', { after: head });
  await stage.slipway.quiet();
  return head;
}

test('a branch and a git tag that are gone are left out at once, and from the list once the host was asked', async () => {
  const stage = await open({ services, config });
  const head = await begin(stage);
  const all = ['main', 'refs/tags/v1', 'release/9'];
  expect(await one(stage)).toEqual(all);
  expect(await listed(stage)).toEqual(all);
  await stage.repo.deleteBranch('release/9');
  await stage.repo.deleteTag('v1');
  await stage.sweep();
  expect(await listed(stage)).toEqual(['main']);
  expect(await one(stage)).toEqual(['main']);
  await stage.repo.branch('release/9', head);
  expect(await one(stage)).toEqual(['main', 'release/9']);
  expect(await listed(stage)).toEqual(['main', 'release/9']);
});

test('a host that does not answer says of no branch that it is gone', async () => {
  const heads = createHeads({ git: createMemoryGitHost(async () => null) });
  expect(await heads.of(service({ repository: 'abc/app' }), ['main'])).toEqual(new Map());
});
