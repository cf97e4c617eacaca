import { Tips } from '../../../../src/git/references/tips.js';

const id = (letter: string): string => letter.repeat(40);
const heads = (...tips: readonly string[]) => ({ heads: new Map(tips.map((tip, at) => [`b${at}`, tip])) });

test('the host hears of what is here, even if every tip that was seen last is not', async () => {
  const here = new Set([id('a'), id('b')]);
  const tips = new Tips(async (ids) => ids.filter((one) => !here.has(one)));
  expect(await tips.here(heads(id('a'), id('c')))).toEqual([id('a')]);
  expect(await tips.here(heads(id('d')))).toEqual([]);
  tips.brought([id('b')]);
  expect(await tips.here(heads(id('d')))).toEqual([id('b')]);
  tips.forget();
  expect(await tips.here(heads(id('d')))).toEqual([]);
});

test('it hears of 256 and no more, those that came last among them', async () => {
  const tips = new Tips(async () => []);
  for (let at = 0; at < 400; at += 1) tips.brought([`brought ${at}`]);
  const offered = await tips.here(heads(...Array.from({ length: 400 }, (_, at) => `tip ${at}`)));
  expect(offered).toHaveLength(256);
  expect(offered.slice(0, 2)).toEqual(['brought 399', 'brought 398']);
  expect(offered).toContain('tip 0');
});
