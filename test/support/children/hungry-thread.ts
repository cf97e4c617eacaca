/** A thread with 64 MiB that takes all it can get. Prints how it ended, and by how many MiB the process grew at most. */
import { startThread } from '../../../src/sandbox/thread.js';

const program = 'const kept = []; for (;;) kept.push({ at: kept.length, text: `text ${kept.length}` });';
const before = process.memoryUsage.rss();
let most = before;
const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
const limits = { maxOldGenerationSizeMb: 56, maxYoungGenerationSizeMb: 8 };
const thread = startThread(new URL(`data:text/javascript,${encodeURIComponent(program)}`), limits);
thread.on('error', (error: NodeJS.ErrnoException) => {
  clearInterval(look);
  console.log(error.code);
  console.log(Math.round((most - before) / 1024 / 1024));
});
