import type { Build } from '../model/build.js';
import type { QueueDeps } from './deps.js';

/** The name under which the engine keeps a finished image, so that it is not taken for a leftover before it is in the registry. */
export const engineName = (buildId: string): string => `slipway-build:${buildId}`;

/** Tells whoever listens that a build was queued or has begun. */
export function announceChange(build: Build, { events, report }: Pick<QueueDeps, 'events' | 'report'>): void {
  const { id, service, branch, status } = build;
  events.publish({ type: 'build', id, service, branch, status });
  report.changed(build);
}

/**
 * Tells whoever listens that a build has ended, by whatever way it did, and takes from the engine what was kept there for its push. One
 * that waits again is no news but for those who follow all changes.
 */
export async function announceEnd(buildId: string, deps: QueueDeps): Promise<void> {
  const build = await deps.store.builds.get(buildId);
  if (build === null) return;
  const { id, service, branch, status, outcome } = build;
  if (build.finishedAt === null) return deps.events.publish({ type: 'build', id, service, branch, status });
  announceChange(build, deps);
  deps.metrics.build(status, outcome, secondsOf(build));
  // What was built and pushed has been tidied up by then, after its names in the registry were known.
  if (build.engineImage !== null && outcome !== 'built') await forgetImage(build, deps);
}

/** Announces those builds of a worker that is gone which ended with it. */
export async function announceEnds(ids: readonly string[], deps: QueueDeps): Promise<void> {
  for (const id of ids) {
    await announceEnd(id, deps).catch((err: unknown) => deps.log.warn({ err, build: id }, 'an end was not announced'));
  }
}

const secondsOf = ({ startedAt, finishedAt }: Build): number | null =>
  startedAt === null || finishedAt === null ? null : (finishedAt - startedAt) / 1000;

async function forgetImage({ id }: Build, { engine, log }: QueueDeps): Promise<void> {
  try {
    await engine.images.remove(engineName(id));
  } catch (error) {
    log.warn({ err: error, build: id }, 'the image of a build that was not pushed stays on the engine');
  }
}
