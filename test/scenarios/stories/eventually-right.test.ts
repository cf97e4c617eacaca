/** Whatever happens, in whatever order: the images come right, and nothing is built without need. */
import fc from 'fast-check';
import { jest } from '@jest/globals';
import { stories, type Scene } from './commands.js';
import { checkEnding } from './ending.js';
import { found } from './found.js';
import { Story } from './story.js';

jest.setTimeout(600_000);

async function comesRight(scenes: readonly Scene[]): Promise<void> {
  const story = await Story.begin();
  try {
    await story.play(scenes);
    await checkEnding(story);
  } finally {
    await story.stage.close();
  }
}

/** `STORIES` more or fewer of them, from another `SEED`; a failure names its own seed and path. */
const numRuns = Number(process.env['STORIES'] ?? 500);
const seed = Number(process.env['SEED'] ?? 1);

test('any story ends with the right images, and with nothing left to do', async () => {
  await fc.assert(fc.asyncProperty(stories, comesRight), { seed, numRuns });
});

test.each(found)('%s', async (_what, scenes) => {
  await comesRight(scenes);
});
