import { merged } from '../../../src/operations/merged.js';

/** Items that are counted when they are asked for. */
async function* source(items: readonly string[], asked: string[]): AsyncGenerator<string> {
  for (const item of items) {
    asked.push(item);
    yield item;
  }
}

const all = async (items: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const item of items) found.push(item);
  return found;
};

test('everything comes, and each source keeps its order', async () => {
  const found = await all(merged([source(['a1', 'a2', 'a3'], []), source(['b1'], []), source([], [])]));
  expect(found.filter((item) => item.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  expect(found).toHaveLength(4);
  expect(await all(merged([]))).toEqual([]);
});

test('a source is asked for no more than one item ahead', async () => {
  const asked: string[] = [];
  const items = merged([source(['1', '2', '3', '4'], asked)]);
  await items.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(['1']);
  await items.next();
  expect(asked.length).toBeLessThanOrEqual(3);
  await items.return(undefined);
});

test('it fails with the first source that does', async () => {
  const failing = async function* (): AsyncGenerator<string> {
    yield 'x';
    throw new Error('it broke');
  };
  await expect(all(merged([failing()]))).rejects.toThrow('it broke');
});
