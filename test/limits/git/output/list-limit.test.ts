import { ListLimit } from '../../../../src/git/output/list-limit.js';
import { NameList } from '../../../../src/git/output/name-list.js';
import type { TakeOutput } from '../../../../src/git/output/rows.js';

const tooLarge = (words: string) =>
  expect.objectContaining({
    code: 'repository-too-large',
    message: expect.stringContaining(words) as string,
  }) as unknown;

/** What taking rows of a length fails with, and how many chunks of a thousand it takes. */
function failing(take: TakeOutput, length: number): { readonly error: unknown; readonly chunks: number } {
  const chunk = Buffer.from(`${'x'.repeat(length)}\0`.repeat(1000));
  for (let chunks = 1; chunks < 2000; chunks += 1) {
    try {
      take(chunk);
    } catch (error) {
      return { error, chunks };
    }
  }
  return { error: null, chunks: 2000 };
}

test.each([
  ['files', 1, 1001, 'Commit c has more than 1,000,000 files and folders'],
  ['bytes', 60_000, 5, 'Commit c has paths of more than 268,435,456 bytes'],
  ['bytes of one', 65_537, 1, 'Commit c holds a path of more than 65,536 bytes'],
])('a commit with too many %s is not compared', (_, length, chunks, words) => {
  expect(failing(new ListLimit('c').take, length)).toEqual({ error: tooLarge(words), chunks });
});

test.each([
  ['paths', 1, 1001, 'Here more than 1,000,000 paths differ'],
  ['bytes', 60_000, 1, 'Here more than 698 paths differ'],
  ['bytes of one', 65_537, 1, 'Here there is a path of more than 65,536 bytes'],
])('a difference of too many %s is not listed', (_, length, chunks, words) => {
  expect(failing(new NameList('Here').take, length)).toEqual({ error: tooLarge(words), chunks });
});
