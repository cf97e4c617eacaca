import { randomUUID } from 'node:crypto';
import type { NewBuild, Service, Trigger } from '../model.js';
import type { PlannedDecision } from '../store/contract.js';
import { inputsKey } from './enqueue/inputs-key.js';
import type { Evaluation } from './evaluate.js';

/** What a caller wants of the build beyond what the decision says. */
export interface BuildWishes {
  readonly id?: string;
  readonly forced?: boolean;
  readonly noCache?: boolean;
  readonly fresh?: boolean;
  readonly version?: string | null;
  readonly callbackUrl?: string | null;
  readonly artifactId?: string | null;
}

/** An evaluation as the store takes it: with the build to queue, where it says so. */
export function plannedDecision(
  service: Service,
  { decision, inputs, reliesOn, artifact, standsOn }: Evaluation,
  trigger: Trigger,
  now: number,
  wishes: BuildWishes = {},
): PlannedDecision {
  const build: NewBuild = {
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
  };
  return {
    decision,
    trigger,
    inputsKey: inputsKey(inputs),
    reliesOn,
    build: decision.decision === 'build' ? build : null,
    ...(standsOn && { bases: standsOn }),
  };
}
