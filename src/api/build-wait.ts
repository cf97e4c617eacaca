import type { Build } from '../model/build.js';
import type { ApiDeps } from './deps.js';
import { knownBuild } from './known-build.js';
import { watch } from './watch.js';

/** Events only speed things up: the store is asked at least this often (ms). */
export const LOOK_AGAIN_MS = 2000;

/** True if a build has ended, in any way. */
export function ended({ status }: Pick<Build, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

/** The build when it has ended, or its state after `atMost` milliseconds, at shutdown, or when the client is gone. */
export async function waitForEnd(
  deps: Pick<ApiDeps, 'store' | 'events' | 'stopping'>,
  { id }: Build,
  atMost: number,
  gone: AbortSignal,
): Promise<Build> {
  const signals = [deps.stopping, gone, AbortSignal.timeout(atMost)];
  const changes = watch(deps.events, (event) => event.type === 'build' && event.id === id, signals);
  try {
    for (;;) {
      const build = await knownBuild(deps, id);
      if (ended(build) || changes.over()) return build;
      await changes.next(LOOK_AGAIN_MS);
    }
  } finally {
    changes.stop();
  }
}
