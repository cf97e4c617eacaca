import type { Build } from '../../src/model/build.js';
import type { Store } from '../../src/store/contract.js';
import type { KeptRunFile } from '../../src/model/release.js';
import { claim, noRunFile } from '../contracts/store-samples.js';

/** When builds begin. */
export const storeClock = { now: () => Date.UTC(2026, 0, 2, 3, 5, 0) };

/** The oldest queued build runs. */
export async function begin(store: Store): Promise<Build> {
  const claimed = await claim(store);
  if (claimed === null) throw new Error('no build waits');
  return claimed;
}

/** Runs the oldest queued build to a successful end. */
export async function succeed(store: Store, digest = 'sha256:1', tags = ['1.0.0-1-aaaaaaa', 'main']): Promise<Build> {
  return endWell(store, await begin(store), digest, tags);
}

export async function endWell(
  store: Store,
  claimed: Build,
  digest = 'sha256:1',
  tags: readonly string[] = ['1.0.0-1-aaaaaaa', 'main'],
  runFile: KeptRunFile = noRunFile,
): Promise<Build> {
  const { id, service } = claimed;
  await store.queue.progress(claimed, { wasHead: true });
  const image = { repository: service, digest, tags };
  const how = { outcome: 'built', reusedFrom: null, fingerprint: null, runFile } as const;
  await store.queue.finish(claimed, { status: 'succeeded', image, ...how }, storeClock.now() + 1000, []);
  const ended = await store.builds.get(id);
  if (ended === null) throw new Error('the build is gone');
  return ended;
}
