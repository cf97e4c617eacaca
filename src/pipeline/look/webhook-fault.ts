import type { WebhookFault } from '../../model/delivery.js';
import type { Decision } from '../../model/decision.js';
import type { Delivery } from '../../model/delivery.js';
import type { Service } from '../../model/service.js';
import type { LookDeps } from './deps.js';

export interface LostWebhook {
  readonly fault: WebhookFault;
  /** For the ledger and the log. */
  readonly sentence: string;
}

/**
 * What probably happened to the webhook for a head that Slipway found by itself. Null if there is nothing to build, if a webhook for it
 * is still being processed, or if nobody had a reason to send one: the branch is looked at for the first time.
 */
export async function lostWebhook(
  { decision, service, branch, head }: Decision,
  { repository }: Service,
  deps: Pick<LookDeps, 'store' | 'refusals'>,
): Promise<LostWebhook | null> {
  if (decision === 'skip' || head === null) return null;
  const ofBranch = (await deps.store.deliveries.ofCommit(head)).filter((delivery) => delivery.branch === branch);
  const reported = ofBranch.find((delivery) => delivery.repository?.toLowerCase() === repository.toLowerCase());
  if (reported?.status === 'failed') return lost('failed', `delivery ${reported.id} failed (${reported.reason}).`);
  if (reported?.status === 'accepted') {
    return (await isPutOff(reported, deps))
      ? lost('failed', `delivery ${reported.id} could not be processed so far.`)
      : null;
  }
  const elsewhere = reported ? undefined : ofBranch.find(isOfUnknownName);
  if (elsewhere) {
    const { id, repository: name } = elsewhere;
    return lost('renamed', `delivery ${id} was for ${name}, which no service uses. Was the repository renamed?`);
  }
  const refused = await deps.refusals.sinceSweep();
  if (refused === null) {
    // The first look at a branch, such as at the first start, has missed nothing.
    const isFirst = (await deps.store.decisions.newest(service, branch)) === null;
    return isFirst ? null : lost('never-received', 'none was received.');
  }
  return lost('refused', `one was refused since the sweep before (${refused}).`);
}

const lost = (fault: WebhookFault, what: string): LostWebhook => ({
  fault,
  sentence: `Found without a webhook: ${what}`,
});

/** GitHub sends a renamed or transferred repository's webhooks with its new name, while clones of the old one are redirected. */
const isOfUnknownName = ({ status, reason }: Delivery): boolean =>
  status === 'ignored' && reason === 'repository-not-configured';

/** True if the delivery's look waits for another attempt. */
async function isPutOff({ id, joined = id }: Delivery, { store }: Pick<LookDeps, 'store'>): Promise<boolean> {
  const looks = await store.looks.due(Number.MAX_SAFE_INTEGER, 1000, []);
  return looks.some(({ trigger, attempt }) => trigger.deliveryId === joined && attempt > 0);
}
