import type { Look } from '../../model/look.js';
import type { ReasonCode, RecordedDecision } from '../../model/decision.js';
import type { Trigger, TriggerKind } from '../../model/trigger.js';
import type { Store } from '../../store/contract.js';
import type { LookDeps } from './deps.js';
import { inputsKey } from '../../decide/inputs-key.js';
import type { Evaluation } from '../../decide/evaluate.js';
import type { Target } from './targets.js';

type Deps = Pick<LookDeps, 'git' | 'store'>;

const kindOfReason: Partial<Record<ReasonCode, TriggerKind>> = {
  'packaging-changed': 'packaging',
  'only-run-file-changed': 'packaging',
  'settings-changed': 'settings',
  'base-image-changed': 'base-image',
};

/**
 * The trigger to record for an evaluation. Null if it says nothing new. A request from outside is always answered. A look that Slipway
 * starts itself (sweep, start-up, end of a build) is recorded only if something differs from the newest decision, or if that decision's
 * result is gone. It never repeats a failed or canceled build.
 */
export async function causeOf(evaluation: Evaluation, target: Target, look: Look, deps: Deps): Promise<Trigger | null> {
  const { store } = deps;
  const { trigger } = target;
  const { inputsKey: key } = evaluation;
  if (trigger.deliveryId !== null) {
    return look.attempt > 0 && (await alreadySaid(trigger.deliveryId, target, key, store)) ? null : trigger;
  }
  const { service, branch, decision } = evaluation.decision;
  const { head } = evaluation.inputs;
  const newest = await store.decisions.newest(service, branch, head);
  if (decision === 'skip' && newest?.inputsKey === key && !(await isSuperseded(newest, store))) return null;
  if (decision === 'build' && (await tried(evaluation, await relevantTo(target, head, newest, deps), store)))
    return null;
  if (trigger.kind !== 'sweep' || newest?.head !== head) return trigger;
  const kind = kindOfReason[evaluation.decision.reason.code];
  if (kind) return { ...trigger, kind };
  return newest.reason.code === 'forced' ? trigger : newest.trigger;
}

/** With `builds: every-push`, a push that is reported late may be decided after the head. */
async function relevantTo(
  { service }: Target,
  head: string | null,
  newest: RecordedDecision | null,
  { git, store }: Deps,
) {
  const [other, deliveryId] = [newest?.head ?? null, newest?.trigger.deliveryId ?? null];
  if (service.builds !== 'every-push' || head === null || other === null || other === head) return newest;
  // Only a push can be late, and a push that started from the head is not.
  if (deliveryId === null || (await store.deliveries.get(deliveryId))?.before === head) return newest;
  const { history } = git.mirror(service.repository);
  const isOlder = (await history.has(other)) && (await history.between(head, other)).length === 0;
  return isOlder ? null : newest;
}

/** A build found needless at its turn. The decision still has to name the build that the commit relies on. */
async function isSuperseded({ buildId }: RecordedDecision, { builds }: Store): Promise<boolean> {
  return buildId !== null && (await builds.get(buildId))?.status === 'superseded';
}

async function alreadySaid(
  deliveryId: string,
  { service, branch }: Target,
  key: string,
  store: Store,
): Promise<boolean> {
  const said = await store.decisions.ofDelivery(deliveryId);
  return said.some((row) => row.service === service.name && row.branch === branch && row.inputsKey === key);
}

/**
 * True if the newest decision already asked for this, and its build is running, failed or was canceled. A build's inputs may be newer than
 * the decision, and older while it waits.
 */
async function tried(
  { inputs, inputsKey: decided, decision: { service, branch } }: Evaluation,
  newest: RecordedDecision | null,
  store: Store,
): Promise<boolean> {
  const build = await store.builds.newest(service, branch, inputs.head);
  if (!build || build.status === 'succeeded' || build.status === 'superseded') return false;
  const key = inputsKey(inputs);
  const [isOfNewest, isDecided] = [newest?.buildId === build.id, newest?.inputsKey === decided];
  if (isOfNewest && isDecided && build.finishedAt === null) return true;
  return inputsKey(build.inputs) === key && (newest === null || isDecided || isOfNewest);
}
