import type { Attempt } from '../../model/build.js';
import type { BuildProgress, Queue } from '../../store/contract.js';
import { Interruption } from './interruption.js';

/** One write of a tag may take this long. With less of the lease left, another worker could have the build before it is done. */
const TAG_WRITE_MS = 10_000;

type Deps = { readonly store: { readonly queue: Pick<Queue, 'progress' | 'owned'> } };

/** Keeps what the build has learned. Throws `Interruption` (`lost`) if another has the build now. */
export async function learn(attempt: Attempt, progress: BuildProgress, { store }: Deps): Promise<void> {
  if (!(await store.queue.progress(attempt, progress))) throw new Interruption('lost');
}

/** Throws `Interruption` (`lost`) unless the build is this worker's for long enough to write a tag. */
export async function requireTimeToTag(attempt: Attempt, { store }: Deps): Promise<void> {
  if ((await store.queue.owned(attempt)) < TAG_WRITE_MS) throw new Interruption('lost');
}
