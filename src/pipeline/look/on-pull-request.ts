import { evaluateHypothetically } from '../../decide/evaluate.js';
import { SlipwayError } from '../../errors.js';
import { branchRef } from '../../git-ref.js';
import type { Decision } from '../../model/decision.js';
import type { Look } from '../../model/look.js';
import { planSentence, type PullRequestPlan } from '../../model/pull-request.js';
import { MAX_UNSEEN_COMMIT_ATTEMPTS, pauseAfter, unseenCommitPauses } from '../../queue/pauses.js';
import type { LookDeps } from './deps.js';
import { ignoreLook } from './ignore-look.js';
import type { LookRoles } from './roles.js';
import type { SharedView } from './shared-view.js';

/**
 * Processes a look at a pull request: what its head would rebuild of the branch that it is for, were it merged. Nothing is built, and no
 * decision is recorded. The plan is stored before the look ends, so that a crash only repeats it.
 */
export async function onPullRequest(
  look: Look,
  number: number,
  { application }: LookRoles,
  sharedView: SharedView,
  deps: LookDeps,
): Promise<void> {
  const { repository, after: head } = look;
  const { deliveryId } = look.trigger;
  const delivery = deliveryId === null ? null : await deps.store.deliveries.get(deliveryId);
  const branch = delivery?.branch ?? null;
  if (application.length === 0) return ignoreLook(look, 'repository-not-configured', deps);
  const tip = branch === null ? undefined : (await sharedView.refs(repository)).heads.get(branch);
  if (deliveryId === null || branch === null || head === null || tip === undefined)
    return ignoreLook(look, 'ref-not-found', deps);
  for (const commit of [head, tip]) await sharedView.bring(repository, commit);
  const { history } = deps.git.mirror(repository);
  if (!(await history.has(head))) return lookAgain(look, head, deps);
  const base = await history.mergeBase(tip, head);
  const packaging = await sharedView.packaging();
  const decisions: Decision[] = [];
  for (const service of application) {
    const request = { service, ref: branchRef(branch), head, base, forced: null };
    decisions.push((await evaluateHypothetically(request, packaging, deps)).decision);
  }
  await end(look, { repository, number, head, branch, deliveryId, decisions }, deps);
}

async function end(look: Look, plan: PullRequestPlan, { store, events, report }: LookDeps): Promise<void> {
  await report.planned(plan);
  const settled = await store.deliveries.settle(plan.deliveryId, 'planned', planSentence(plan.decisions));
  await store.looks.done(look.id);
  for (const id of settled) events.publish({ type: 'delivery', id, status: 'planned' });
}

/** A host may announce a pull request before it shows its commit; one that was pushed away is never shown. */
async function lookAgain({ id, repository, attempt }: Look, head: string, { store, clock }: LookDeps): Promise<void> {
  if (attempt >= MAX_UNSEEN_COMMIT_ATTEMPTS)
    throw new SlipwayError('commit-not-found', `${repository} does not have the commit ${head}.`);
  await store.looks.postpone(id, clock.now() + pauseAfter(attempt, unseenCommitPauses));
}
