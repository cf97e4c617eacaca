import { randomUUID } from 'node:crypto';
import type { NewBuild } from '../model/build.js';
import type { Service } from '../model/service.js';
import type { Trigger } from '../model/trigger.js';
import type { PlannedDecision } from '../store/contract.js';
import type { Evaluation } from '../decide/evaluate.js';
import { fullRefName, parseRef } from '../git-ref.js';
import { releaseToMake, type ReleaseToMake } from './releases.js';

/** What a caller asks of the build beyond the decision. */
export interface BuildWishes {
  readonly id?: string;
  readonly forced?: boolean;
  readonly noCache?: boolean;
  readonly fresh?: boolean;
  readonly version?: string | null;
  readonly callbackUrl?: string | null;
  readonly artifactId?: string | null;
  readonly notBefore?: number;
}

/**
 * A skip removes a queued build, so no build's end will look again. The skip may be about an older commit than that build: with `builds:
 * every-push`, a push may be reported late, or two decisions may run in parallel.
 */
function lookAgainAt({ name, repository }: Service, branch: string, dueAt: number): Pick<PlannedDecision, 'lookAgain'> {
  const target = parseRef(branch);
  if (target.kind === 'tag') return {};
  const trigger = { kind: 'sweep', deliveryId: null, by: null } as const;
  const ref = fullRefName(target);
  return { lookAgain: { trigger, repository, ref, services: [name], before: null, after: null, dueAt } };
}

/** A decision that is to be recorded. What a new run file holds is read then. */
export interface DecisionToRecord extends Omit<PlannedDecision, 'release'> {
  readonly release?: ReleaseToMake;
}

/** An evaluation in the form that is recorded, with the build to queue if there is one. */
export function plannedDecision(
  service: Service,
  evaluation: Evaluation,
  trigger: Trigger,
  now: number,
  wishes: BuildWishes = {},
): DecisionToRecord {
  const { decision, inputsKey, reliesOn, standsOn } = evaluation;
  const release = releaseToMake(evaluation);
  return {
    decision,
    trigger,
    inputsKey,
    reliesOn,
    build: decision.decision === 'build' ? newBuild(service, evaluation, trigger, now, wishes) : null,
    ...lookAgainAt(service, decision.branch, now),
    ...(standsOn && { bases: standsOn }),
    ...(release && { release }),
  };
}

function newBuild(
  service: Service,
  { decision, inputs, artifact }: Evaluation,
  trigger: Trigger,
  now: number,
  wishes: BuildWishes,
): NewBuild {
  return {
    id: wishes.id ?? randomUUID(),
    service: service.name,
    repository: service.repository,
    branch: decision.branch,
    commit: inputs.head,
    trigger,
    reason: decision.reason,
    queuedAt: now,
    forced: wishes.forced ?? false,
    everyPush: service.builds === 'every-push' && trigger.kind === 'push',
    noCache: wishes.noCache ?? false,
    fresh: wishes.fresh ?? false,
    artifactId: wishes.artifactId ?? artifact?.id ?? null,
    version: wishes.version ?? artifact?.version ?? null,
    callbackUrl: wishes.callbackUrl ?? null,
    inputs,
    notBefore: wishes.notBefore,
  };
}
