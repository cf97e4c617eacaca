import type { Clock } from '../../../clock.js';
import { asSlipwayError } from '../../../errors.js';
import type { PullRequestPlan } from '../../../model/pull-request.js';
import type { Service } from '../../../model/service.js';
import { Recent } from '../../../recent.js';
import type { NewNotice, Store } from '../../../store/contract.js';
import type { Change, Receiver } from '../outbox/receiver.js';
import type { GithubApi } from './api.js';
import { numberIn } from './app.js';
import type { Budget } from './budget.js';
import { annotationsOf, checkRunOf, type CheckRun } from './check-run.js';
import { waitUntil, type Sent } from './pace.js';
import { configuredName, standingsAt } from './standing.js';
import { GATHER_MS, newestAt, PENDING_MS, statusOfFailure } from './statuses.js';

export interface ChecksDeps {
  readonly api: GithubApi;
  readonly budget: Budget;
  readonly store: Pick<Store, 'builds' | 'decisions' | 'deliveries' | 'notices'>;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly publicUrl: string | null;
  readonly clock: Pick<Clock, 'now'>;
}

const receiver = 'github-check';
/** GitHub takes this many in one request. */
const MAX_ANNOTATIONS = 50;
/** Check runs that were sent last, to send none twice. */
const MAX_SENT = 1_000;

/** Under which the plan of a pull request, and what was made of a check run, are remarked. */
const planRemark = (repository: string, commit: string): string => `plan ${repository} ${commit}`;
const runRemark = (repository: string, commit: string): string => `check ${repository} ${commit}`;

/** A check run that GitHub has. */
interface Made {
  readonly id: number;
  /** Builds whose annotations it has: GitHub adds those of an update to the ones before. */
  readonly annotated: readonly string[];
}

/**
 * One check run `Slipway` for each commit, with its services and, for a pull request, with its plan (REST API, "Check runs"). Only a GitHub
 * App may make them.
 */
export function createChecks(deps: ChecksDeps): Receiver {
  const { budget, publicUrl, store, clock } = deps;
  const sent = new Recent<Sent>({ entries: MAX_SENT, weight: MAX_SENT });
  return {
    kind: 'github',
    owns: (name) => name === receiver,
    noticesOf: (change) => noticesOf(change, deps),
    async deliver(subject) {
      const [repository = '', commit = ''] = subject.split(' ');
      const standings = await standingsAt(repository, commit, deps);
      const run = checkRunOf({
        ...{ repository, commit, publicUrl, standings },
        plan: await planAt(repository, commit, store),
        failure: statusOfFailure(await newestAt({ repository, commit, event: 'push' }, deps)),
        planFailure: statusOfFailure(await newestAt({ repository, commit, event: 'pull_request' }, deps)),
      });
      if (run === null) return 'delivered';
      const [text, last] = [JSON.stringify(run), sent.get(subject)];
      if (last?.text === text) return 'delivered';
      const state = run.conclusion ?? run.status;
      const goesOn = standings.some(({ status }) => status === 'pending');
      const until = waitUntil({ state, goesOn }, last, budget, clock.now());
      if (until !== null) return { until };
      // What is not answered may have arrived: then the next one is sent, whatever it says.
      sent.delete(subject);
      const known = await madeOf(runRemark(repository, commit), store);
      const annotated = new Set(known?.annotated);
      const fresh = standings.filter(({ build }) => build !== null && !annotated.has(build.id));
      const annotations = fresh.flatMap(annotationsOf).slice(0, MAX_ANNOTATIONS);
      const whole = { ...run, output: { ...run.output, annotations } };
      const id = await send(repository, commit, known?.id ?? null, whole, deps);
      const marked = [...annotated, ...fresh.flatMap(({ build }) => (build?.error ? [build.id] : []))];
      const made: Made = { id, annotated: marked };
      await store.notices.setRemark(runRemark(repository, commit), JSON.stringify(made), clock.now());
      sent.add(subject, { state, text, at: clock.now() }, 1);
      return 'delivered';
    },
  };
}

/** Updates the run, or makes one. Resolves with its number. GitHub keeps the newest 1,000 of a name. */
async function send(
  repository: string,
  commit: string,
  known: number | null,
  run: CheckRun,
  { api }: ChecksDeps,
): Promise<number> {
  if (known !== null) {
    try {
      await api.send(repository, `/check-runs/${known}`, { method: 'PATCH', body: run });
      return known;
    } catch (thrown) {
      if (asSlipwayError(thrown).extra['status'] !== 404) throw thrown;
    }
  }
  return numberIn(await api.ask(repository, '/check-runs', { body: { ...run, head_sha: commit } }), 'id');
}

async function madeOf(remark: string, { notices }: Pick<Store, 'notices'>): Promise<Made | null> {
  const text = await notices.remark(remark);
  return text === null ? null : (JSON.parse(text) as Made);
}

async function planAt(
  repository: string,
  commit: string,
  { notices }: Pick<Store, 'notices'>,
): Promise<PullRequestPlan | null> {
  const text = await notices.remark(planRemark(repository, commit));
  return text === null ? null : (JSON.parse(text) as PullRequestPlan);
}

async function noticesOf(change: Change, { store, services, clock }: ChecksDeps): Promise<readonly NewNotice[]> {
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
      if (repository === null || after === null) return [];
      return notice(configuredName(repository, services()), after, GATHER_MS);
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
