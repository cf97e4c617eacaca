import { setImmediate } from 'node:timers/promises';
import { asSlipwayError, type ErrorCode, type SlipwayError } from '../../errors.js';
import type { RemoteRefs } from '../../git/contract.js';
import type { WebhookFault } from '../../model/delivery.js';
import type { Decision } from '../../model/decision.js';
import type { Look } from '../../model/look.js';
import type { Service } from '../../model/service.js';
import type { PlannedDecision } from '../../store/contract.js';
import { notGiven } from '../../not-given.js';
import { rolesOf } from './roles.js';
import { cancelQueued } from '../../queue/cancel.js';
import { causeOf } from './cause.js';
import type { LookDeps } from './deps.js';
import { evaluate } from '../../decide/evaluate.js';
import { noteDrift } from './note-drift.js';
import { newTagTargets, rememberTags } from './new-tags.js';
import { plannedDecision } from '../../queue/planned-decision.js';
import { recordPlan } from '../../queue/record-plan.js';
import { openBarred, type Barred } from './set-aside.js';
import { rememberBases } from '../../decide/bases.js';
import type { SharedView } from './shared-view.js';
import { formatRef, parseFullRef, tagRef } from '../../git-ref.js';
import { targetsOf, type Target } from './targets.js';
import { lookAgainForUnseen } from './unseen-commit.js';
import { lostWebhook } from './webhook-fault.js';

/** Processes one look: finds its services and branches, decides for each, and records the decisions and their builds in one transaction. */
export async function onLook(asked: Look, sharedView: SharedView, deps: LookDeps): Promise<void> {
  const roles = rolesOf(asked, deps.services(), deps.centralDockerfiles());
  const look = { ...asked, repository: roles.repository };
  if (roles.application.length === 0 && !roles.central) return ignore(look, 'repository-not-configured', deps);
  const refs = await sharedView.refs(look.repository);
  const tip = look.ref === null ? undefined : commitOf(look.ref, refs);
  if (look.ref !== null && tip === undefined) return ofGoneRef(look, roles.application, deps);
  if (tip !== undefined && !(await isCommit(look, tip, sharedView, deps)))
    return ignore(look, 'ref-not-a-commit', deps);
  const newTags = await newTagTargets(look, roles.application, refs, deps);
  const targets = await targetsOf(look, roles, refs, deps);
  const barred = await openBarred(look, deps);
  const planning = { sharedView, barred, notBefore: startOf(look, deps) };
  const ofTags = await decideNewTags(look, newTags, planning, deps);
  const { planned, faults, failed, ...own } = await planTargets(look, targets, planning, deps);
  const failure = foremost([own.failure, ...ofTags.map((done) => done.failure)]);
  // Must come before the look ends: nothing else remembers the commit.
  if (!failure) await lookAgainForUnseen(look, { tip, held: heldBy(look.ref, refs) }, deps);
  const recorded = await recordPlan(failure ? null : look, planned, deps);
  for (const fault of faults) deps.metrics.sweepRecovered(fault);
  if (recorded.length > 0) await noteDrift(look, recorded, await sharedView.packaging(), deps);
  await rememberTags(
    look,
    roles.application,
    without(refs.tags, [failed, ...ofTags.map((done) => done.failed)].flat()),
    deps,
  );
  if (failure) throw failure;
  await barred.close();
}

/** False for a tag of a tree or a file, which has no image. A branch holds nothing but commits. */
async function isCommit({ repository, ref }: Look, tip: string, view: SharedView, { git }: LookDeps): Promise<boolean> {
  if (ref === null || parseFullRef(ref)?.kind !== 'tag') return true;
  await view.bring(repository, tip);
  const type = await git.mirror(repository).history.typeOf(tip);
  return type === null || type === 'commit';
}

/** Nothing was decided. A delivery that was ignored on arrival keeps its first reason. */
async function ignore(look: Look, reason: string, { store, events }: LookDeps): Promise<void> {
  const { deliveryId } = look.trigger;
  const delivery = deliveryId === null ? null : await store.deliveries.get(deliveryId);
  if (deliveryId !== null && delivery?.status !== 'ignored') {
    const settled = await store.deliveries.settle(deliveryId, 'ignored', reason);
    for (const id of settled) events.publish({ type: 'delivery', id, status: 'ignored' });
  }
  await store.looks.done(look.id);
}

/** A branch or tag that the host does not have needs no images. Its queued builds are canceled. */
async function ofGoneRef(look: Look, services: readonly Service[], deps: LookDeps): Promise<void> {
  const ref = look.ref === null ? null : parseFullRef(look.ref);
  const branch = ref ? formatRef(ref) : (look.ref ?? '');
  for (const service of services) await cancelQueued({ service: service.name, branch }, deps);
  await lookAgainForUnseen(look, { tip: undefined, held: undefined }, deps);
  await ignore(look, 'ref-not-found', deps);
}

function commitOf(ref: string, refs: RemoteRefs): string | undefined {
  const parsed = parseFullRef(ref);
  return parsed ? (parsed.kind === 'tag' ? refs.tags : refs.heads).get(parsed.name) : undefined;
}

/** The commit that the reference holds or, for an annotated tag, the tag object. */
function heldBy(ref: string | null, refs: RemoteRefs): string | undefined {
  if (ref === null) return undefined;
  const parsed = parseFullRef(ref);
  return parsed?.kind === 'tag' ? refs.tagIds.get(parsed.name) : commitOf(ref, refs);
}

interface Planning {
  readonly sharedView: SharedView;
  readonly barred: Barred;
  /** When builds may begin. */
  readonly notBefore: number;
}

/** Only pushes count as a burst. */
function startOf({ trigger, attempt, repository, ref }: Look, { pace, clock }: LookDeps): number {
  const now = clock.now();
  return trigger.deliveryId === null || attempt > 0 || ref === null ? now : pace.afterPush(repository, ref, now);
}

/** Plans all targets. A failing service does not stop the others: its error is returned beside their plans. */
async function planTargets(look: Look, targets: readonly Target[], planning: Planning, deps: LookDeps) {
  const planned: PlannedDecision[] = [];
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

/** The first failure that is retryable, or else the first. */
function foremost(failures: readonly (SlipwayError | null)[]): SlipwayError | null {
  return failures.find((failure) => failure?.retryable) ?? failures.find((failure) => failure !== null) ?? null;
}

/** New tags whose decisions are recorded together: one transaction of thousands would hold up everything else. */
const MAX_TAGS_TOGETHER = 100;

/** Decides on new tags in batches: one push of a few kilobytes may bring 200,000. The look stays, so tags that are cut off are found again. */
async function decideNewTags(look: Look, targets: readonly Target[], planning: Planning, deps: LookDeps) {
  const done: { readonly failed: readonly Target[]; readonly failure: SlipwayError | null }[] = [];
  for (let at = 0; at < targets.length; at += MAX_TAGS_TOGETHER) {
    const batch = targets.slice(at, at + MAX_TAGS_TOGETHER);
    const { planned, faults, failed, failure } = await planTargets(look, batch, planning, deps);
    await recordPlan(null, planned, deps);
    for (const fault of faults) deps.metrics.sweepRecovered(fault);
    done.push({ failed, failure });
    await setImmediate();
  }
  return done;
}

/** If the process died with this look before, records which target it works on. */
async function reach({ id, deaths }: Look, target: Target | null, { store }: LookDeps): Promise<void> {
  if (deaths === 0) return;
  const at = target && { service: target.service.name, branch: target.branch, commit: target.head };
  await store.inHand.reach(id, at);
}

/** Any other retryable error would hit every remaining target too, so stop at the first. */
const ofOneService: readonly ErrorCode[] = ['dockerfiles-unavailable'];

/** The tags without those that could not be decided on. */
function without(tags: RemoteRefs['tags'], failed: readonly Target[]): RemoteRefs['tags'] {
  const branches = new Set(failed.map(({ branch }) => branch));
  return new Map([...tags].filter(([name]) => !branches.has(formatRef(tagRef(name)))));
}

async function planTarget(
  look: Look,
  target: Target,
  { sharedView, notBefore }: Planning,
  deps: LookDeps,
): Promise<{ readonly decision: PlannedDecision; readonly fault: WebhookFault | null } | null> {
  const { service, ref, branch, head } = target;
  await sharedView.bring(service.repository, head);
  const type = await deps.git.mirror(service.repository).history.typeOf(head);
  if (type === null) throw notGiven(head, branch, service.repository);
  // A tag that the sweep found.
  if (type !== 'commit') return null;
  const packaging = await sharedView.packaging();
  const evaluation = await evaluate({ service, ref, head, forced: null }, packaging, deps);
  if (target.viaCentral && !concernsCentral(evaluation.inputs.packaging, evaluation.decision.reason.code)) return null;
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
  return null;
}

function withSentence(decision: Decision, sentence: string): Decision {
  const { reason } = decision;
  return { ...decision, reason: { ...reason, message: `${reason.message} ${sentence}` } };
}

/** A central push does not concern services that use their own Dockerfile. */
const concernsCentral = (packagingKey: string, code: string): boolean =>
  !packagingKey.startsWith('application:') || code === 'packaging-changed';
