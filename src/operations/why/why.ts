import { ladderOf } from '../../decide/why/ladder.js';
import { sentenceOf } from '../../decide/why/sentence.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Store } from '../../store/contract.js';
import { chainOf } from './chain.js';
import { compare, type CompareDeps } from './compare.js';
import type { Why, WhyAnswer, WhyCall } from './contract.js';
import { findDecision } from './find-decision.js';
import { tryPath } from './try-path.js';

/** Decisions of the same push that an answer lists. */
const MAX_LISTED_DECISIONS = 100;

/** Why a commit was built or not. */
export const createWhy = (deps: CompareDeps): Why => ({
  of: (call) => answerTo(call, deps),
  path: (call) => tryPath(call, deps),
});

async function answerTo(call: WhyCall, deps: CompareDeps): Promise<WhyAnswer> {
  const { store } = deps;
  const found = await findDecision(call, deps);
  const { decision } = found;
  const chain = await chainOf(decision, store);
  const build = decision.buildId === null ? null : await store.builds.get(decision.buildId);
  return {
    ...found,
    sentence: sentenceOf({ decision, status: build?.status ?? null, chain }),
    ...(await compare(call.service, decision, deps)),
    coveredBy: await coveringImage(decision, store),
    ladder: ladderOf(decision),
    chain,
    ...(await samePush(decision, store)),
  };
}

async function coveringImage({ buildId, reliesOn }: RecordedDecision, store: Store): Promise<WhyAnswer['coveredBy']> {
  const id = reliesOn ?? buildId;
  const build = id === null ? null : await store.builds.get(id);
  return build?.image ? { image: build.image, buildId: build.id } : null;
}

async function samePush(
  { trigger, service }: RecordedDecision,
  store: Store,
): Promise<Pick<WhyAnswer, 'samePush' | 'samePushCount'>> {
  if (trigger.deliveryId === null) return { samePush: [], samePushCount: 0 };
  const all = (await store.decisions.ofDelivery(trigger.deliveryId)).filter((other) => other.service !== service);
  const sorted = [...all.filter(isBuild), ...all.filter((one) => !isBuild(one))];
  return { samePush: sorted.slice(0, MAX_LISTED_DECISIONS), samePushCount: all.length };
}

const isBuild = ({ decision }: RecordedDecision): boolean => decision === 'build';
