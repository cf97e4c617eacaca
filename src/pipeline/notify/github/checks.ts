import type { Clock } from '../../../clock.js';
import { asSlipwayError } from '../../../errors.js';
import type { PullRequestPlan } from '../../../model/pull-request.js';
import type { Service } from '../../../model/service.js';
import type { NewNotice, Store } from '../../../store/contract.js';
import type { Change, Receiver } from '../outbox/receiver.js';
import type { GithubApi } from './api.js';
import { numberIn } from './app.js';
import type { Budget } from './budget.js';
import { checkRunOf } from './check-run.js';
import { standingsAt } from './standing.js';
import { GATHER_MS, PENDING_MS, statusOfFailure } from './statuses.js';

export interface ChecksDeps {
  readonly api: GithubApi;
  readonly budget: Budget;
  readonly store: Pick<Store, 'builds' | 'decisions' | 'deliveries' | 'notices'>;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly publicUrl: string | null;
  readonly clock: Pick<Clock, 'now'>;
}

const receiver = 'github-check';

/** Under which the plan of a pull request and the number of a check run are remarked. */
export const planRemark = (repository: string, commit: string): string => `plan ${repository} ${commit}`;
const runRemark = (repository: string, commit: string): string => `check ${repository} ${commit}`;

/**
 * One check run `Slipway` for each commit, with its services and, for a pull request, with its plan (REST API, "Check runs"). Only a GitHub
 * App may make them.
 */
export function createChecks(deps: ChecksDeps): Receiver {
  const { api, budget, store, publicUrl, clock } = deps;
  const last = new Map<string, string>();
  return {
    kind: 'github',
    owns: (name) => name === receiver,
    noticesOf: (change) => noticesOf(change, deps),
    async deliver(subject) {
      const [repository = '', commit = ''] = subject.split(' ');
      const run = checkRunOf({
        ...{ repository, commit, publicUrl },
        standings: await standingsAt(repository, commit, deps),
        plan: await planAt(repository, commit, store),
        failure: statusOfFailure((await store.deliveries.ofCommit(commit))[0] ?? null),
      });
      if (run === null) return 'delivered';
      const text = JSON.stringify(run);
      if (last.get(subject) === text) return 'delivered';
      const until = budget.take(run.status === 'completed' ? 'end' : 'pending');
      if (until !== null) return { until };
      const remark = runRemark(repository, commit);
      const known = await store.notices.remark(remark);
      if (known === null || !(await update(api, repository, known, run))) {
        const made = await api.ask(repository, '/check-runs', { body: { ...run, head_sha: commit } });
        await store.notices.setRemark(remark, String(numberIn(made, 'id')), clock.now());
      }
      remember(last, subject, text);
      return 'delivered';
    },
  };
}

/** False: GitHub has it no more. It keeps the newest 1,000 of a name. */
async function update(api: GithubApi, repository: string, id: string, run: object): Promise<boolean> {
  try {
    await api.send(repository, `/check-runs/${id}`, { method: 'PATCH', body: run });
    return true;
  } catch (thrown) {
    if (asSlipwayError(thrown).code === 'notice-refused') return false;
    throw thrown;
  }
}

const MAX_REMEMBERED = 1_000;

function remember(last: Map<string, string>, subject: string, text: string): void {
  last.delete(subject);
  last.set(subject, text);
  const [oldest] = last.keys();
  if (last.size > MAX_REMEMBERED && oldest !== undefined) last.delete(oldest);
}

async function planAt(
  repository: string,
  commit: string,
  { notices }: Pick<Store, 'notices'>,
): Promise<PullRequestPlan | null> {
  const text = await notices.remark(planRemark(repository, commit));
  return text === null ? null : (JSON.parse(text) as PullRequestPlan);
}

async function noticesOf(change: Change, { store, clock }: ChecksDeps): Promise<readonly NewNotice[]> {
  const now = clock.now();
  const notice = (repository: string, commit: string, pauseMs: number): NewNotice[] => [
    { receiver, subject: `${repository} ${commit}`, item: '', body: '', dueAt: now + pauseMs },
  ];
  switch (change.kind) {
    case 'build': {
      const { repository, commit, finishedAt } = change.build;
      return notice(repository, commit, finishedAt === null ? PENDING_MS : GATHER_MS);
    }
    case 'delivery': {
      const { repository, after } = change.delivery;
      return repository === null || after === null ? [] : notice(repository, after, GATHER_MS);
    }
    case 'deployment':
    case 'drift':
      return [];
    case 'pull-request': {
      const { repository, head } = change.plan;
      await store.notices.setRemark(planRemark(repository, head), JSON.stringify(change.plan), now);
      return notice(repository, head, 0);
    }
  }
}
