import { SlipwayError } from '../errors.js';
import type { Build } from '../model/build.js';
import type { ApiDeps } from './deps.js';
import { watch } from './watch.js';

/** Notices are a wake-up only: at least this often (ms) the store is asked all the same. */
export const lookAgainEvery = 2000;

/** Whether a build has come to its end, whichever. */
export function ended({ status }: Pick<Build, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

/** `unknown-build`. */
export async function requireBuild({ store }: Pick<ApiDeps, 'store'>, id: string): Promise<Build> {
  const build = await store.builds.get(id);
  if (build) return build;
  throw new SlipwayError('unknown-build', `No build has the id ${JSON.stringify(id)}.`);
}

/** The build when it has ended, or as it is after `atMost` milliseconds, at shutdown, or when nobody waits any longer. */
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
      const build = await requireBuild(deps, id);
      if (ended(build) || changes.over()) return build;
      await changes.next(lookAgainEvery);
    }
  } finally {
    changes.stop();
  }
}
