import { pullRequestNumber } from '../../git-ref.js';
import type { Look } from '../../model/look.js';
import { recordPlan } from '../../queue/record-plan.js';
import type { LookDeps } from './deps.js';
import { foundRef, namesCommit } from './found-ref.js';
import { ignoreLook } from './ignore-look.js';
import { newTagTargets, rememberTags } from './new-tags.js';
import { forgetGoneDrift } from './note-drift.js';
import { noteWarnings } from './note-warnings.js';
import { onPullRequest } from './on-pull-request.js';
import { foremost, planInBatches, planTargets, startOf } from './plan-targets.js';
import { rolesOf } from './roles.js';
import { openBarred } from './set-aside.js';
import type { SharedView } from './shared-view.js';
import { targetsOf } from './targets.js';
import { lookAgainForUnseen } from './unseen-commit.js';

/** Processes one look: finds its services and branches, decides for each, and records the decisions and their builds in one transaction. */
export async function onLook(asked: Look, sharedView: SharedView, deps: LookDeps): Promise<void> {
  const roles = rolesOf(asked, deps.services(), deps.centralDockerfiles());
  const look = { ...asked, repository: roles.repository };
  const pullRequest = asked.ref === null ? null : pullRequestNumber(asked.ref);
  if (pullRequest !== null) return onPullRequest(look, pullRequest, roles, sharedView, deps);
  if (roles.application.length === 0 && !roles.central) return ignoreLook(look, 'repository-not-configured', deps);
  const refs = await sharedView.refs(look.repository);
  const found = foundRef(look, refs);
  if (found && !(await namesCommit(found, look.repository, sharedView, deps)))
    return ignoreLook(look, 'ref-not-a-commit', deps);
  const targets = await targetsOf(look, found, roles, refs, deps);
  const newTags = await newTagTargets(look, roles.application, refs, deps);
  const barred = await openBarred(look, deps);
  const planning = { sharedView, barred, notBefore: startOf(look, deps) };
  const own = await planTargets(look, targets, planning, deps);
  const ofTags = await planInBatches(look, newTags, planning, deps);
  const failure = foremost([own.failure, ofTags.failure]);
  // Must come before the look ends: nothing else remembers the commit.
  if (!failure) await lookAgainForUnseen(look, found, deps);
  if (found?.tip === null) return ignoreLook(look, 'ref-not-found', deps);
  const recorded = await recordPlan(failure ? null : look, own.planned, deps);
  for (const fault of own.faults) deps.metrics.sweepRecovered(fault);
  const decided = targets.filter((target) => !own.failed.includes(target));
  if (decided.length > 0) await noteWarnings(look, recorded, decided, await sharedView.packaging(), deps);
  if (look.ref === null) await forgetGoneDrift(roles.application, refs, deps);
  await rememberTags(look, roles.application, refs.tags, [...own.failed, ...ofTags.failed], deps);
  if (failure) throw failure;
  await barred.close();
}
