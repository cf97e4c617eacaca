import { SlipwayError } from '../../errors.js';
import type { KeptAnswers } from '../../kept-answers.js';
import { memo } from '../../memo.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Service } from '../../model/service.js';
import type { WhereDeps } from '../where/deps.js';
import { meantCommit } from '../where/meant-commit.js';
import type { WhyAnswer, WhyCall } from './contract.js';

export type FoundDecision = Pick<WhyAnswer, 'decision' | 'commit' | 'isHead'>;

interface FindDeps extends Pick<WhereDeps, 'store' | 'git'> {
  /** Answers about commits that no decision names. */
  readonly searches: KeptAnswers<FoundDecision>;
}

/** Decisions that may be about a later commit of the same push. */
const RECENT_DECISIONS = 100;

/**
 * The decision that the call names; else the newest one about the commit; else the first one about a commit that comes from it. Fails with
 * `unknown-commit`, `unknown-decision`, and the codes of the git host if only that could tell.
 */
export async function findDecision(call: WhyCall, deps: FindDeps): Promise<FoundDecision> {
  const { service } = call;
  const start = call.commit.toLowerCase();
  if (call.decision !== null) return named(call.decision, start, call, deps);
  const { items } = await deps.store.decisions.page({ ...ofCall(call), commit: start, limit: RECENT_DECISIONS });
  const [newest, ...others] = items;
  if (newest?.head && others.some(({ head }) => head !== newest.head))
    throw new SlipwayError(
      'unknown-commit',
      `${service.repository} has more than one commit that begins with ${start}.`,
    );
  if (newest?.head) return { decision: newest, commit: newest.head, isHead: true };
  const question = JSON.stringify([service.name, call.branch, start]);
  return deps.searches.ask(question, () => search(call, start, deps));
}

async function named(id: number, commit: string, call: WhyCall, deps: FindDeps): Promise<FoundDecision> {
  const { items } = await deps.store.decisions.page({ ...ofCall(call), id, commit, limit: 1 });
  const [decision] = items;
  if (decision?.head) return { decision, commit: decision.head, isHead: true };
  const message = `Decision ${id} about ${commit.slice(0, 7)} for ${call.service.name} is not known, or it is not kept any more.`;
  throw new SlipwayError('unknown-decision', message);
}

const ofCall = ({ service, branch }: WhyCall) => ({
  service: service.name,
  ...(branch !== null && { branch }),
  cursor: null,
});

async function search(call: WhyCall, start: string, deps: FindDeps): Promise<FoundDecision> {
  const { service } = call;
  const full = await meantCommit({ service, commit: start, version: null }, deps);
  const recent = await deps.store.decisions.page({ ...ofCall(call), limit: RECENT_DECISIONS });
  const covering = await firstAfter(service, full, recent.items, deps.git);
  if (covering !== null) return { decision: covering, commit: full, isHead: covering.head === full };
  const message = `Nothing was decided about ${full.slice(0, 7)} for ${service.name}, or it is not kept any more.`;
  throw new SlipwayError('unknown-decision', message);
}

/**
 * The oldest decision about a head that comes from the commit. Null too if its base comes from the commit: then it was decided on before.
 * `newestFirst`: of any branches.
 */
async function firstAfter(
  { repository }: Service,
  commit: string,
  newestFirst: readonly RecordedDecision[],
  git: FindDeps['git'],
): Promise<RecordedDecision | null> {
  const { history } = git.mirror(repository);
  const comesFrom = memo(
    async (head: string) =>
      (await history.has(head)) && (await history.nearest(head, new Set([commit]))).includes(commit),
  );
  let first: RecordedDecision | null = null;
  // Before that, no head of its branch has the commit.
  const over = new Set<string>();
  const found = new Set<string>();
  for (const decision of newestFirst) {
    const { branch, head } = decision;
    if (head === null || over.has(branch)) continue;
    if (await comesFrom(head)) {
      first = decision;
      found.add(branch);
    } else if (found.has(branch)) over.add(branch);
  }
  return first === null || (first.base !== null && (await comesFrom(first.base))) ? null : first;
}
