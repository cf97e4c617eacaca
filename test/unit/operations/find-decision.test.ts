import { KeptAnswers } from '../../../src/kept-answers.js';
import { findDecision, type FoundDecision } from '../../../src/operations/why/find-decision.js';
import type { Decision } from '../../../src/model/decision.js';
import { plan, toSkip } from '../../contracts/store-samples.js';
import { service } from '../../support/app.js';
import { failureOf } from '../../support/failure-of.js';
import { createMemoryGitHost, MemoryRepository } from '../../support/memory-git.js';
import { openTempStore, type TempStore } from '../../support/store.js';

const shop = service({ name: 'shop', repository: 'abc/shop' });
let temp: TempStore;
let repository: MemoryRepository;
let git: ReturnType<typeof createMemoryGitHost>;

beforeEach(async () => {
  temp = await openTempStore();
  repository = new MemoryRepository();
  git = createMemoryGitHost(async () => repository);
});
afterEach(() => temp.close());

const commit = (branch = 'main') => repository.commit({ file: String(repository.commits.size) }, { branch });
const decided = (head: string, more: Partial<Decision> = {}) =>
  temp.store.decisions.record(plan([toSkip({ service: 'shop', head, base: null, ...more })]), 1);
const find = (start: string, branch: string | null = null, decision: number | null = null) => {
  const searches = new KeptAnswers<FoundDecision>({ ms: 0, entries: 1, atOnce: 1 }, { now: () => 0 });
  return findDecision({ service: shop, commit: start, branch, decision }, { store: temp.store, git, searches });
};

test('the newest decision about the commit is found by the beginning of its id, also if git has it no more', async () => {
  const head = 'abcd1'.padEnd(40, '0');
  await decided(head);
  await decided(head, { branch: 'release' });
  expect(await find('ABCD')).toMatchObject({ commit: head, isHead: true, decision: { branch: 'release' } });
  expect(await find('abcd', 'main')).toMatchObject({ decision: { branch: 'main' } });
  await decided('abcd2'.padEnd(40, '0'));
  expect((await failureOf(find('abcd')))?.message).toBe('abc/shop has more than one commit that begins with abcd.');
  expect((await find('abcd1')).commit).toBe(head);
});

test('one decision is found by its id, if it is about that commit and service', async () => {
  const head = 'abcd1'.padEnd(40, '0');
  const { recorded } = await decided(head, { branch: 'release' });
  await decided(head);
  const { recorded: other } = await decided(head, { service: 'cart' });
  const [id = 0, others = 0] = [recorded[0]?.id, other[0]?.id];
  expect(await find('abcd', null, id)).toMatchObject({
    commit: head,
    isHead: true,
    decision: { id, branch: 'release' },
  });
  expect((await failureOf(find('abcd', null, others)))?.code).toBe('unknown-decision');
  expect((await failureOf(find('abce', null, id)))?.code).toBe('unknown-decision');
});

test('a commit that is no head belongs to the first decision about a head that comes from it', async () => {
  const [before, between, base, inside, head, newer] = [commit(), commit(), commit(), commit(), commit(), commit()];
  await git.mirror('abc/shop').remote.fetch([newer]);
  await decided(head, { base });
  await decided(newer, { base });
  expect(await find(inside)).toMatchObject({ commit: inside, isHead: false, decision: { head } });
  for (const earlier of [before, between, base])
    expect([earlier, (await failureOf(find(earlier)))?.code]).toEqual([earlier, 'unknown-decision']);
});

test('a commit of two branches belongs to the one that was decided on first', async () => {
  const [inside, feature] = [commit('feature'), commit('feature')];
  repository.heads.set('main', feature);
  const main = commit();
  await git.mirror('abc/shop').remote.fetch([main]);
  await decided(feature, { branch: 'feature' });
  await decided(main);
  expect((await find(inside)).decision).toMatchObject({ branch: 'feature', head: feature });
  expect((await find(inside, 'main')).decision).toMatchObject({ branch: 'main', head: main });
});
