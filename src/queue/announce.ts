import type { Build } from '../model/build.js';
import type { QueueDeps } from './deps.js';

/** The engine keeps a finished image under this name until its push, so that it is not removed as a leftover. */
export const engineName = (buildId: string): string => `slipway-build:${buildId}`;

/** Announces that a build was queued or has begun. */
export function announceChange(build: Build, { events, report }: Pick<QueueDeps, 'events' | 'report'>): void {
  const { id, service, branch, status } = build;
  events.publish({ type: 'build', id, service, branch, status });
  report.changed(build);
}

/**
 * Announces that a build has ended and removes the image that the engine kept for its push. A build that is queued again is announced only
 * to clients that follow all changes.
 */
export async function announceEnd(buildId: string, deps: QueueDeps): Promise<void> {
  const build = await deps.store.builds.get(buildId);
  if (build === null) return;
  const { id, service, branch, status, outcome } = build;
  if (build.finishedAt === null) return deps.events.publish({ type: 'build', id, service, branch, status });
  announceChange(build, deps);
  deps.metrics.build(status, outcome, secondsOf(build));
  deps.metrics.work(build);
  // The publisher removes a built image itself, once the registry has its names.
  if (build.engineImage !== null && outcome !== 'built') await forgetImage(build, deps);
}

/** Announces the builds that ended because their worker is gone. */
export async function announceEnds(ids: readonly string[], deps: QueueDeps): Promise<void> {
  for (const id of ids) {
    await announceEnd(id, deps).catch((err: unknown) =>
      deps.log.warn({ err, build: id }, 'could not announce the end of a build'),
    );
  }
}

const secondsOf = ({ startedAt, finishedAt }: Build): number | null =>
  startedAt === null || finishedAt === null ? null : (finishedAt - startedAt) / 1000;

async function forgetImage({ id }: Build, { engine, log }: QueueDeps): Promise<void> {
  try {
    await engine.images.remove(engineName(id));
  } catch (error) {
    log.warn({ err: error, build: id }, 'could not remove the image of a build that was not pushed');
  }
}
