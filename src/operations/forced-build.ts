import { SlipwayError } from '../errors.js';
import type { Artifact } from '../model/artifact.js';
import type { Build } from '../model/build.js';
import type { Service } from '../model/service.js';
import type { Trigger } from '../model/trigger.js';
import type { QueueDeps } from '../queue/deps.js';
import { evaluate, type Evaluation } from '../decide/evaluate.js';
import { openPackaging } from '../decide/packaging-reader.js';
import { plannedDecision, type BuildWishes } from '../queue/planned-decision.js';
import { recordPlan } from '../queue/record-plan.js';
import { parseRef } from '../git-ref.js';

export interface ForcedBuild {
  readonly service: Service;
  /** Branch name, or `refs/tags/NAME`. */
  readonly branch: string;
  readonly commit: string;
  /** Why it is built, as a sentence. */
  readonly because: string;
  readonly trigger: Trigger;
  /** Undefined: the one that counts for the commit. Null: none. */
  readonly artifact?: Artifact | null;
  readonly wishes: BuildWishes;
}

/** Records a `forced` decision and always queues a new build. */
export async function queueForced(request: ForcedBuild, deps: QueueDeps): Promise<Build> {
  const { service, trigger, wishes } = request;
  const evaluation = await evaluateForced(request, deps);
  const artifact = request.artifact === undefined ? evaluation.artifact : request.artifact;
  const planned = plannedDecision(service, { ...evaluation, artifact }, trigger, deps.clock.now(), {
    ...wishes,
    forced: true,
  });
  const [recorded] = await recordPlan(null, [planned], deps);
  return buildOf(recorded?.buildId ?? null, deps);
}

/** The evaluation of a commit as if a build of it were forced. Records nothing. */
export async function evaluateForced(
  { service, branch, commit, because }: Pick<ForcedBuild, 'service' | 'branch' | 'commit' | 'because'>,
  deps: QueueDeps,
): Promise<Evaluation> {
  const packaging = await openPackaging(deps);
  return evaluate({ service, ref: parseRef(branch), head: commit, forced: because }, packaging, deps);
}

/** The build of that id, which was just recorded. */
export async function buildOf(id: string | null, { store }: Pick<QueueDeps, 'store'>): Promise<Build> {
  const build = id === null ? null : await store.builds.get(id);
  if (!build) throw new SlipwayError('internal', `The build ${id} was recorded but is missing.`);
  return build;
}
