import type { Clock } from '../../clock.js';
import { ladderOf } from '../../decide/why/ladder.js';
import { sentenceOf } from '../../decide/why/sentence.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Service } from '../../model/service.js';
import { KeptAnswers } from '../../kept-answers.js';
import type { Store } from '../../store/contract.js';
import { chainOf } from './chain.js';
import { compare, type CompareDeps, type Comparison } from './compare.js';
import type { Why, WhyAnswer, WhyCall } from './contract.js';
import { findDecision, type FoundDecision } from './find-decision.js';
import { tryPath } from './try-path.js';

/** Decisions of the same push, and about the same commit, that an answer lists. */
const MAX_LISTED_DECISIONS = 100;

/** Comparing reads the packaging at two commits, and may fetch them. */
const comparisonLimits = { ms: 60_000, entries: 500, atOnce: 4 };

/** A search may ask the git host. A commit that is unknown may be pushed any moment. */
const searchLimits = { ms: 5_000, entries: 500, atOnce: 4 };

export interface WhyDeps extends CompareDeps {
  readonly clock: Clock;
}

interface Kept {
  readonly searches: KeptAnswers<FoundDecision>;
  readonly comparisons: KeptAnswers<Comparison>;
}

/** Why a commit was built or not. */
export function createWhy(deps: WhyDeps): Why {
  const kept: Kept = {
    searches: new KeptAnswers(searchLimits, deps.clock),
    comparisons: new KeptAnswers(comparisonLimits, deps.clock),
  };
  return {
    of: (call) => answerTo(call, { ...deps, ...kept }),
    path: (call) => tryPath(call, deps),
  };
}

async function answerTo(call: WhyCall, deps: CompareDeps & Kept): Promise<WhyAnswer> {
  const { store } = deps;
  const found = await findDecision(call, deps);
  const { decision } = found;
  const chain = await chainOf(decision, store);
  const build = decision.buildId === null ? null : await store.builds.get(decision.buildId);
  return {
    ...found,
    sentence: sentenceOf({ decision, status: build?.status ?? null, chain }),
    ...(await compared(call.service, decision, deps)),
    coveredBy: await coveringImage(decision, store),
    ladder: ladderOf(decision),
    chain,
    others: await othersAbout(decision, store),
    ...(await samePush(decision, store)),
  };
}

function compared(service: Service, decision: RecordedDecision, deps: CompareDeps & Kept): Promise<Comparison> {
  const { regions, regionSettings, settingsFingerprint } = service;
  const question = JSON.stringify([decision.id, regions, regionSettings, settingsFingerprint]);
  return deps.comparisons.ask(question, () => compare(service, decision, deps));
}

async function coveringImage({ buildId, reliesOn }: RecordedDecision, store: Store): Promise<WhyAnswer['coveredBy']> {
  const id = reliesOn ?? buildId;
  const build = id === null ? null : await store.builds.get(id);
  return build?.image ? { image: build.image, buildId: build.id } : null;
}

async function othersAbout({ id, service, head }: RecordedDecision, store: Store): Promise<WhyAnswer['others']> {
  if (head === null) return [];
  const { items } = await store.decisions.page({
    service,
    commit: head,
    limit: MAX_LISTED_DECISIONS + 1,
    cursor: null,
  });
  return items.filter((other) => other.id !== id).slice(0, MAX_LISTED_DECISIONS);
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
