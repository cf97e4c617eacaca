import { memo, memoBy, memoUnlessFailed } from '../../src/memo.js';

test('a memo asks once for the same words', () => {
  const asked: string[][] = [];
  const ask = memo((...words: string[]) => asked.push(words));
  expect([ask('a', 'b'), ask('a', 'b'), ask('a b'), ask(), ask()]).toEqual([1, 1, 2, 3, 3]);
  expect(asked).toEqual([['a', 'b'], ['a b'], []]);
});

test('a memo remembers a failure', async () => {
  let asked = 0;
  const ask = memo(() => Promise.reject(new Error(`failure ${++asked}`)));
  await expect(ask()).rejects.toThrow('failure 1');
  await expect(ask()).rejects.toThrow('failure 1');
});

test('a memo may forget failures, and them alone', async () => {
  let asked = 0;
  const ask = memoUnlessFailed(async (word: string) => {
    asked += 1;
    if (asked === 1) throw new Error(word);
    return asked;
  });
  const [first, second] = [ask('a'), ask('a')];
  await expect(first).rejects.toThrow('a');
  await expect(second).rejects.toThrow('a');
  expect([await ask('a'), await ask('a'), await ask('b')]).toEqual([2, 2, 3]);
});

test('a memo may have a key of its own, and what it keeps go with it', () => {
  const known = new WeakMap<object, number>();
  let made = 0;
  const ask = memoBy(
    (one: { readonly key: object }) => one.key,
    () => ++made,
    known,
  );
  const key = {};
  expect([ask({ key }), ask({ key }), ask({ key: {} })]).toEqual([1, 1, 2]);
  expect(known.get(key)).toBe(1);
});
