/** Whatever happens, in whatever order: the images come right, and nothing is built without need. */
import { randomInt } from 'node:crypto';
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

/**
 * Other stories each time. `STORIES=5000` tries more of them, `SEED=…` the same again. One that fails is a fault of its own: what fast-check
 * shrinks it to goes into found.ts with a name.
 */
const numRuns = Number(process.env['STORIES'] ?? 100);
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));

test(`${numRuns} random stories end with the right images, and with nothing left to do`, async () => {
  process.stderr.write(`Random stories: SEED=${seed} STORIES=${numRuns}\n`);
  await fc.assert(fc.asyncProperty(stories, comesRight), { seed, numRuns });
});

test.each(found)('%s', async (_what, scenes) => {
  await comesRight(scenes);
});
