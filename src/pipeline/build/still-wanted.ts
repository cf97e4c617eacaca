import type { Build } from '../../model/build.js';
import type { Inputs } from '../../model/inputs.js';
import type { Service } from '../../model/service.js';
import type { BuildDeps } from './deps.js';
import { evaluate } from '../../decide/evaluate.js';
import { parseRef } from '../../git-ref.js';
import type { Source } from './source.js';
import type { PackagingReader } from '../../decide/packaging-reader.js';

/** A push may have asked for it since it was claimed. */
async function isToStay({ id, everyPush }: Build, { store }: BuildDeps): Promise<boolean> {
  return everyPush || (await store.builds.get(id))?.everyPush === true;
}

/**
 * Decides a queued build again at its turn. Resolves with the inputs to build from. Resolves with null if an unforced build is no longer
 * needed: its branch is gone or has another head, or its image already exists.
 */
export async function stillWanted(
  build: Build,
  service: Service,
  source: Source,
  packaging: PackagingReader,
  deps: BuildDeps,
): Promise<Inputs | null> {
  const { branch, commit, forced } = build;
  if (!forced && (source.head === null || (!source.isHead && !(await isToStay(build, deps))))) return null;
  const because = forced ? build.reason.message : null;
  const request = { service, ref: parseRef(branch), head: commit, forced: because };
  const { decision, inputs } = await evaluate(request, packaging, deps);
  return decision.decision === 'build' ? inputs : null;
}
