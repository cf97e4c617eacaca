import { startChild } from '../../support/child.js';

test.each([
  [[]],
  [['--max-old-space-size=1500']],
  [['--max-semi-space-size=128', '--min-semi-space-size=64']],
  [['--max-heap-size=1500']],
])('a thread has its own limit, whatever Node was started with: %j', async (options) => {
  const child = startChild(new URL('../../support/children/hungry-thread.ts', import.meta.url), [], { options });
  expect(await child.end()).toBe('');
  const [code, grownMiB] = child.lines;
  expect(code).toBe('ERR_WORKER_OUT_OF_MEMORY');
  // A thread takes some memory beyond its heap: code, stacks, and what one collection needs.
  expect(Number(grownMiB)).toBeLessThan(130);
});
