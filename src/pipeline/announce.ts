import type { Build } from '../model.js';
import type { PipelineDeps } from './deps.js';

/** The name under which the engine keeps a finished image, so that it is not taken for a leftover before it is in the registry. */
export const engineName = (buildId: string): string => `slipway-build:${buildId}`;

/**
 * Tells whoever listens that a build has ended, by whatever way it did, and takes from the engine what was kept there for its push. Does
 * nothing where the build goes on.
 */
export async function announceEnd(buildId: string, deps: PipelineDeps): Promise<void> {
  const { store, events, metrics, report } = deps;
  const build = await store.builds.get(buildId);
  if (build === null || build.finishedAt === null) return;
  const { id, service, branch, status, outcome } = build;
  events.publish({ type: 'build', id, service, branch, status });
  metrics.build(status, outcome, secondsOf(build));
  report.changed(build);
  // What was built and pushed has been tidied up by then, after its names in the registry were known.
  if (build.engineImage !== null && outcome !== 'built') await forgetImage(build, deps);
}

const secondsOf = ({ startedAt, finishedAt }: Build): number | null =>
  startedAt === null || finishedAt === null ? null : (finishedAt - startedAt) / 1000;

async function forgetImage({ id }: Build, { engine, log }: PipelineDeps): Promise<void> {
  try {
    await engine.images.remove(engineName(id));
  } catch (error) {
    log.warn({ err: error, build: id }, 'the image of a build that was not pushed stays on the engine');
  }
}
