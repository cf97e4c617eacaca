import { setImmediate } from 'node:timers/promises';
import { rememberBases } from '../../decide/bases.js';
import { evaluate, type Evaluation } from '../../decide/evaluate.js';
import { asSlipwayError, type ErrorCode, type SlipwayError } from '../../errors.js';
import type { Decision } from '../../model/decision.js';
import type { WebhookFault } from '../../model/delivery.js';
import type { Look } from '../../model/look.js';
import { notGiven } from '../../not-given.js';
import { plannedDecision, type DecisionToRecord } from '../../queue/planned-decision.js';
import { recordPlan } from '../../queue/record-plan.js';
import { readRelease, releaseToMake } from '../../queue/releases.js';
import { causeOf } from './cause.js';
import type { LookDeps } from './deps.js';
import type { Barred } from './set-aside.js';
import type { SharedView } from './shared-view.js';
import type { Target } from './targets.js';
import { lostWebhook } from './webhook-fault.js';

/** What the decisions of one look share. */
export interface Planning {
  readonly sharedView: SharedView;
  readonly barred: Barred;
  /** When builds may begin. */
  readonly notBefore: number;
}

/** What came of the targets of a look. */
export interface PlannedTargets {
  readonly planned: readonly DecisionToRecord[];
  readonly faults: readonly WebhookFault[];
  /** Targets that could not be decided on, and what stands for their failures. */
  readonly failed: readonly Target[];
  readonly failure: SlipwayError | null;
}

/** When the builds of a look may begin. Only pushes count as a burst. */
export function startOf({ trigger, attempt, repository, ref }: Look, { pace, clock }: LookDeps): number {
  const now = clock.now();
  return trigger.deliveryId === null || attempt > 0 || ref === null ? now : pace.afterPush(repository, ref, now);
}

/** Plans all targets. A failing service does not stop the others: its error is returned beside their plans. */
export async function planTargets(
  look: Look,
  targets: readonly Target[],
  planning: Planning,
  deps: LookDeps,
): Promise<PlannedTargets> {
  const planned: DecisionToRecord[] = [];
  const faults: WebhookFault[] = [];
  const failed: Target[] = [];
  const failures: SlipwayError[] = [];
  for (const target of targets) {
    try {
      if (planning.barred.passesOver(target)) {
        failed.push(target);
        continue;
      }
      await reach(look, target, deps);
      const plan = await planTarget(look, target, planning, deps);
      planning.barred.madeGood(target);
      if (plan) planned.push(plan.decision);
      if (plan?.fault) faults.push(plan.fault);
    } catch (thrown) {
      const error = asSlipwayError(thrown);
      if (error.retryable && !ofOneService.includes(error.code)) throw error;
      failed.push(target);
      failures.push(error);
    }
  }
  await reach(look, null, deps);
  return { planned, faults, failed, failure: foremost(failures) };
}

/** Decisions that are recorded together: one transaction of thousands would hold up everything else. */
const MAX_TARGETS_TOGETHER = 100;

/**
 * Plans and records many targets in batches: one push of a few kilobytes may bring 200,000 tags. The look stays, so what is cut off is found
 * again.
 */
export async function planInBatches(
  look: Look,
  targets: readonly Target[],
  planning: Planning,
  deps: LookDeps,
): Promise<Pick<PlannedTargets, 'failed' | 'failure'>> {
  const done: PlannedTargets[] = [];
  for (let at = 0; at < targets.length; at += MAX_TARGETS_TOGETHER) {
    const batch = await planTargets(look, targets.slice(at, at + MAX_TARGETS_TOGETHER), planning, deps);
    await recordPlan(null, batch.planned, deps);
    for (const fault of batch.faults) deps.metrics.sweepRecovered(fault);
    done.push(batch);
    await setImmediate();
  }
  return {
    failed: done.flatMap(({ failed }) => failed),
    failure: foremost(done.map(({ failure }) => failure)),
  };
}

/** Any other retryable error would hit every remaining target too, so stop at the first. */
const ofOneService: readonly ErrorCode[] = ['dockerfiles-unavailable'];

/** The first failure that is retryable, or else the first. */
export function foremost(failures: readonly (SlipwayError | null)[]): SlipwayError | null {
  return failures.find((failure) => failure?.retryable) ?? failures.find((failure) => failure !== null) ?? null;
}

/** If the process died with this look before, records which target it works on. */
async function reach({ id, deaths }: Look, target: Target | null, { store }: LookDeps): Promise<void> {
  if (deaths === 0) return;
  const at = target && { service: target.service.name, branch: target.branch, commit: target.head };
  await store.inHand.reach(id, at);
}

async function planTarget(
  look: Look,
  target: Target,
  { sharedView, notBefore }: Planning,
  deps: LookDeps,
): Promise<{ readonly decision: DecisionToRecord; readonly fault: WebhookFault | null } | null> {
  const { service, ref, branch, head } = target;
  await sharedView.bring(service.repository, head);
  const type = await deps.git.mirror(service.repository).history.typeOf(head);
  if (type === null) throw notGiven(head, branch, service.repository);
  // A tag that the sweep found.
  if (type !== 'commit') return null;
  const packaging = await sharedView.packaging();
  const evaluation = await evaluate({ service, ref, head, forced: null }, packaging, deps);
  if (target.viaCentral && !concernsCentral(evaluation)) return null;
  const cause = await causeOf(evaluation, target, look, deps);
  if (cause) {
    const lost = cause.kind === 'sweep' ? await lostWebhook(evaluation.decision, service, deps) : null;
    // A build for every push is never superseded, so it need not wait.
    const wishes = service.builds === 'every-push' ? {} : { notBefore };
    const explained = lost ? { ...evaluation, decision: withSentence(evaluation.decision, lost.sentence) } : evaluation;
    return {
      decision: plannedDecision(service, explained, cause, deps.clock.now(), wishes),
      fault: lost?.fault ?? null,
    };
  }
  if (evaluation.standsOn) await rememberBases(service.name, branch, evaluation.standsOn, deps);
  await makeMissingRelease(evaluation, deps);
  return null;
}

function withSentence(decision: Decision, sentence: string): Decision {
  const { reason } = decision;
  return { ...decision, reason: { ...reason, message: `${reason.message} ${sentence}` } };
}

/**
 * A decision that says nothing new has its release already, unless the baseline became another one between the two, or the release was made
 * impossible by what has passed since.
 */
async function makeMissingRelease(evaluation: Evaluation, deps: LookDeps): Promise<void> {
  const release = releaseToMake(evaluation);
  if (release === null || evaluation.release?.isMade !== false) return;
  await deps.store.releases.adopt(await readRelease(release, deps), deps.clock.now(), false);
}

/** A central push does not concern services that use their own Dockerfile and run file. */
const concernsCentral = ({ inputs, decision: { reason }, release }: Evaluation): boolean =>
  !inputs.packaging.startsWith('application:') ||
  reason.code === 'packaging-changed' ||
  reason.code === 'only-run-file-changed' ||
  release?.runFile.source === 'central';
