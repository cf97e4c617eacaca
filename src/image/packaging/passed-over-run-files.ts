import type { DockerfileReading } from '../dockerfile/dockerfile.js';
import { joinPath } from '../../patterns/paths.js';
import { runFileTest } from '../../run-file/names.js';

/**
 * Tests which paths of the application repository are run files that do not make the image. A run file that COPY, ADD or a bind mount names
 * literally is an ordinary path. So is every run file if it cannot be known what the Dockerfile names.
 * @param bases run files without their overlays.
 * @param reading without what ONBUILD triggers may read; null if the Dockerfile cannot be read.
 * @param context folder of the repository.
 */
export function passedOverRunFiles(
  bases: readonly string[],
  reading: Pick<DockerfileReading, 'knownSources' | 'wholeBecause'> | null,
  context: string,
): (path: string) => boolean {
  if (reading === null || reading.wholeBecause !== null) return () => false;
  const named = new Set(reading.knownSources.map((source) => joinPath(context, source)));
  const isRunFile = runFileTest(bases);
  return (path) => isRunFile(path) && !named.has(path);
}
