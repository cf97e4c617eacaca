import { setFlagsFromString } from 'node:v8';
import { Worker, type ResourceLimits } from 'node:worker_threads';

/** V8's flags for the size of a heap; 0 is as if they were not given. */
const heapFlags = ['max-old-space-size', 'max-semi-space-size', 'min-semi-space-size', 'max-heap-size'] as const;

/**
 * Starts a thread whose memory is limited. V8 prefers the flags of the process to the limits of a thread, and `NODE_OPTIONS` often sets
 * them for the server's own heap: `--max-old-space-size=4096` would let each thread have 4 GiB. So the flags are taken back first. The heap of
 * the main thread keeps the size that it started with.
 */
export function startThread(program: URL, memory: ResourceLimits): Worker {
  for (const flag of heapFlags) setFlagsFromString(`--${flag}=0`);
  return new Worker(program, { resourceLimits: memory });
}
