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
import { createTurns } from '../turns.js';

/** Waiting builds of one commit that are compared. */
const MAX_WAITING = 200;

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

/** Builds of one service are asked for one after another, so that equal ones are seen. */
const inTurn = createTurns();

/**
 * Like `queueForced`, but answers with a build that waits for its turn and was asked for in the same way: it has yet to begin, so it is what
 * another one would be. `claim` chooses the id of a new one.
 */
export function queueForcedOnce(request: ForcedBuild, claim: () => Promise<string>, deps: QueueDeps): Promise<Build> {
  const { service, branch, commit, trigger, artifact, wishes } = request;
  return inTurn(`${service.name} ${branch}`, async () => {
    const query = {
      service: service.name,
      branch,
      commit,
      status: 'queued',
      limit: MAX_WAITING,
      cursor: null,
    } as const;
    const { items } = await deps.store.builds.page(query);
    const equal = items.find(
      (build) =>
        build.forced &&
        build.trigger.kind === trigger.kind &&
        build.trigger.by === trigger.by &&
        build.noCache === (wishes.noCache ?? false) &&
        (artifact === undefined || build.artifactId === (artifact?.id ?? null)) &&
        build.version === (wishes.version ?? artifact?.version ?? null) &&
        build.callbackUrl === (wishes.callbackUrl ?? null),
    );
    return equal ?? queueForced({ ...request, wishes: { ...wishes, id: await claim() } }, deps);
  });
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
