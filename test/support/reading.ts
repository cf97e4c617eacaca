/** Readers of what repositories send: in the test's own thread, which is quick, and in threads of their own, as a server has them. */
import { createReading, startReading, type Reading } from '../../src/reading/reading.js';
import { createReadingTasks } from '../../src/reading/tasks.js';
import { createInlineSandbox } from '../../src/sandbox/inline.js';

export const inlineReading: Reading = createReading(createInlineSandbox(createReadingTasks()));

/** What a reading thread runs, compiled by set-up/parts.mjs. */
export const readingWorker = (): URL => new URL(process.env['TEST_READING_WORKER'] ?? '');

export const threadedReading = (): Reading => startReading(readingWorker());
