import { dockerfileDigest } from '../../image/dockerfile/misread.js';
import type { Misread } from '../../image/context/offer.js';
import { grouped } from '../../grouped.js';
import type { Warning } from '../../model/warning.js';
import { learn } from './attempt.js';
import type { BuildDeps } from './deps.js';
import type { Recipe } from './recipe.js';
import type { RunningBuild } from './running-build.js';

/**
 * Reports that the engine asked for more of the context than our reading of the Dockerfile says: in the build's log and its warnings, in the
 * server's log and as a metric. `others` are the warnings that the build has already. From now on the service's fingerprint, and regions that are derived, take the whole context, until the Dockerfile
 * changes.
 */
export async function reportMisread(
  { build, journal }: RunningBuild,
  { context, packaging }: Pick<Recipe, 'context' | 'packaging'>,
  others: readonly Warning[],
  { store, metrics, log, clock }: BuildDeps,
): Promise<void> {
  const misread = context.misread();
  if (misread === null) return;
  const { service, id } = build;
  const message = misreadWarning(misread);
  journal.line(`Warning: ${message}`);
  log.warn({ service, build: id }, message);
  metrics.misread();
  await learn(build, { warnings: [...others, { service, message }] }, { store });
  await store.misreads.note({ service, dockerfile: dockerfileDigest(packaging.bytes) }, misread.path, clock.now());
}

function misreadWarning({ path, count }: Misread): string {
  const others = count > 1 ? ` and ${grouped(count - 1)} more` : '';
  return `The engine asked for ${path}${others}, which nothing in the Dockerfile seems to read. Changes of the whole context count from now on, until the Dockerfile changes.`;
}
