import { groupCommit } from '../../../src/store/group-commit.js';

/** Answers each call with its double, and keeps the groups that it was given. */
function doubling(atMost = 100) {
  const groups: number[][] = [];
  const submit = groupCommit(async (calls: readonly number[]) => {
    groups.push([...calls]);
    if (calls.includes(13)) throw new RangeError('no thirteens');
    await Promise.resolve();
    return calls.map((call) => call * 2);
  }, atMost);
  return { groups, submit };
}

test('calls of one moment share a commit, and each gets its own answer', async () => {
  const { groups, submit } = doubling();
  expect(await Promise.all([1, 2, 3].map(submit))).toEqual([2, 4, 6]);
  expect(groups).toEqual([[1, 2, 3]]);
});

test('a call on its own is a group on its own', async () => {
  const { groups, submit } = doubling();
  expect(await submit(1)).toBe(2);
  expect(await submit(2)).toBe(4);
  expect(groups).toEqual([[1], [2]]);
});

test('calls that come while a group is committed are the next group', async () => {
  const { groups, submit } = doubling();
  const second: Promise<number>[] = [];
  const first = submit(1).then(() => second.push(submit(2), submit(3)));
  await first;
  await Promise.all(second);
  expect(groups).toEqual([[1], [2, 3]]);
});

test('a group that fails fails for all of its calls, and for none after it', async () => {
  const { submit } = doubling();
  const answers = await Promise.allSettled([1, 13, 3].map(submit));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await submit(4)).toBe(8);
});

test('a group has no more calls than it may, and the order is kept', async () => {
  const { groups, submit } = doubling(2);
  await Promise.all([1, 2, 3, 4, 5].map(submit));
  expect(groups).toEqual([[1, 2], [3, 4], [5]]);
});
