import type { Clock } from '../../../clock.js';
import type { Build } from '../../../model/build.js';
import type { Delivery } from '../../../model/delivery.js';
import type { Deployment } from '../../../model/deployment.js';
import type { Service } from '../../../model/service.js';
import { sameRepository } from '../../../same-repository.js';
import { Recent } from '../../../recent.js';
import type { NewNotice, Store } from '../../../store/contract.js';
import type { Change, Receiver } from '../outbox/receiver.js';
import type { GithubApi } from './api.js';
import type { Budget } from './budget.js';
import { waitUntil, type Sent } from './pace.js';
import { releaseOf, statusOfDeployment } from './deployment-status.js';
import { configuredName, standingsAt } from './standing.js';
import { isSkippedPush, shortened, statusOfBuild, statusOfSkip, type CommitStatus } from './status.js';
import { deliveriesPath, statusOfPlan, summaryOf } from './summary.js';

export interface StatusesDeps {
  readonly api: GithubApi;
  readonly budget: Budget;
  readonly store: Pick<Store, 'builds' | 'decisions' | 'deliveries'> & {
    readonly deployments: Pick<Store['deployments'], 'get'>;
  };
  readonly services: () => ReadonlyMap<string, Service>;
  /** One status for each service, or one for all of a commit. */
  readonly modeOf: (repository: string) => 'service' | 'summary';
  /** Address of Slipway for people. Null: statuses carry no link. */
  readonly publicUrl: string | null;
  readonly clock: Pick<Clock, 'now'>;
}

/** Nobody needs to see that something is pending if it ends sooner than this. */
export const PENDING_MS = 5_000;
/** The ends of one commit are often close together. */
export const GATHER_MS = 1_000;

const receiver = 'github';
/** Statuses that were sent last, to send none twice. */
const MAX_SENT = 10_000;

/** What the status of a context is about; its state is read when it is sent. */
type Body =
  | { readonly build: string }
  | { readonly decision: number }
  | { readonly deployment: string }
  | { readonly delivery: string }
  | { readonly status: CommitStatus }
  | { readonly summary: true };

/**
 * Commit statuses on GitHub (REST API, "Create a commit status"): `slipway/SERVICE`, and `slipway/ENVIRONMENT/SERVICE` for what is deployed;
 * or one `slipway` for all services of a commit. Pull requests get `slipway/plan`.
 */
export function createStatuses(deps: StatusesDeps): Receiver {
  const { api, budget, publicUrl, clock } = deps;
  const sent = new Recent<Sent>({ entries: MAX_SENT, weight: MAX_SENT });
  return {
    kind: 'github',
    owns: (name) => name === receiver,
    noticesOf: async (change) => noticesOf(change, deps),
    async deliver(subject, notices) {
      const [repository = '', commit = '', ...words] = subject.split(' ');
      const body = JSON.parse(notices.at(-1)?.body ?? '{}') as Body;
      const status = await statusOf(body, { repository, head: commit }, deps);
      if (status === null) return 'delivered';
      const { state } = status;
      const message = { state, context: words.join(' '), description: shortened(status.description) };
      const last = sent.get(subject);
      if (last?.state === state && last.text === message.description) return 'delivered';
      const goesOn = state === 'pending' || status.goesOn === true;
      const until = waitUntil({ state, goesOn }, last, budget, clock.now());
      if (until !== null) return { until };
      // What is not answered may have arrived: then the next one is sent, whatever it says.
      sent.delete(subject);
      const link = publicUrl && publicUrl + status.path;
      const target = link === null ? {} : { target_url: link };
      await api.send(repository, `/statuses/${commit}`, { body: { ...message, ...target } });
      sent.add(subject, { state, text: message.description, at: clock.now() }, 1);
      return 'delivered';
    },
  };
}

/** What the notices of a change are made with. */
interface Making extends Pick<StatusesDeps, 'services' | 'modeOf'> {
  readonly now: number;
}

function noticesOf(change: Change, { services, modeOf, clock }: StatusesDeps): readonly NewNotice[] {
  const making = { services, modeOf, now: clock.now() };
  switch (change.kind) {
    case 'build':
      return [ofBuild(change.build, making)];
    case 'delivery':
      return ofDelivery(change, making);
    case 'deployment':
      return ofDeployment(change.deployment, making);
    case 'pull-request':
      return [noticeOf(change.plan, planContext, { status: statusOfPlan(change.plan) }, making.now)];
    case 'drift':
      return [];
  }
}

const planContext = 'slipway/plan';

interface Place {
  readonly repository: string;
  /** The commit. */
  readonly head: string;
}

const noticeOf = ({ repository, head }: Place, context: string, body: Body, dueAt: number): NewNotice => ({
  ...{ receiver, subject: `${repository} ${head} ${context}`, item: '' },
  ...{ body: JSON.stringify(body), dueAt },
});

const summaryNotice = (place: Place, dueAt: number): NewNotice => noticeOf(place, 'slipway', { summary: true }, dueAt);

function ofBuild({ id, repository, commit: head, service, finishedAt }: Build, { modeOf, now }: Making): NewNotice {
  const pauseMs = finishedAt === null ? PENDING_MS : 0;
  return modeOf(repository) === 'summary'
    ? summaryNotice({ repository, head }, now + Math.max(pauseMs, GATHER_MS))
    : noticeOf({ repository, head }, `slipway/${service}`, { build: id }, now + pauseMs);
}

function ofDelivery(
  { delivery, decisions }: Extract<Change, { readonly kind: 'delivery' }>,
  { services, modeOf, now }: Making,
): readonly NewNotice[] {
  const { id, event, after: head, status } = delivery;
  if (delivery.repository === null || head === null) return [];
  const repository = configuredName(delivery.repository, services());
  const place = { repository, head };
  if (status === 'failed' && event === 'pull_request') return [noticeOf(place, planContext, { delivery: id }, now)];
  if (modeOf(repository) === 'summary') return [summaryNotice(place, now + GATHER_MS)];
  if (status === 'failed')
    return namesOf(repository, services()).map((service) =>
      noticeOf(place, `slipway/${service}`, { delivery: id }, now),
    );
  return decisions
    .filter(isSkippedPush)
    .map(({ id: decision, service, head: at }) =>
      noticeOf({ repository, head: at ?? head }, `slipway/${service}`, { decision }, now),
    );
}

function ofDeployment(deployment: Deployment, { services, modeOf, now }: Making): readonly NewNotice[] {
  const { id, service, environment, finishedAt } = deployment;
  const release = releaseOf(deployment);
  const repository = services().get(service)?.repository;
  if (release === null || repository === undefined || modeOf(repository) === 'summary') return [];
  const place = { repository, head: release.commit };
  const dueAt = finishedAt === null ? now + PENDING_MS : now;
  return [noticeOf(place, `slipway/${environment}/${service}`, { deployment: id }, dueAt)];
}

const namesOf = (repository: string, services: ReadonlyMap<string, Service>): readonly string[] =>
  [...services.values()].filter((service) => sameRepository(service.repository, repository)).map(({ name }) => name);

/** As things stand now. Null: what it is about is not kept any more. */
async function statusOf(
  body: Body,
  { repository, head: commit }: Place,
  deps: StatusesDeps,
): Promise<CommitStatus | null> {
  const { store } = deps;
  if ('status' in body) return body.status;
  if ('build' in body) {
    const build = await store.builds.get(body.build);
    return build && statusOfBuild(build);
  }
  if ('decision' in body) {
    const { items } = await store.decisions.page({ id: body.decision, limit: 1, cursor: null });
    return items[0] === undefined ? null : statusOfSkip(items[0]);
  }
  if ('deployment' in body) {
    const deployment = await store.deployments.get(body.deployment);
    const release = deployment && releaseOf(deployment);
    return release && deployment && statusOfDeployment(deployment, release);
  }
  if ('delivery' in body) return statusOfFailure(await store.deliveries.get(body.delivery));
  const standings = await standingsAt(repository, commit, deps);
  if (standings.length > 0) return summaryOf(repository, commit, standings);
  return statusOfFailure(await newestAt({ repository, commit, event: 'push' }, deps));
}

/** The newest delivery about the commit of a repository: different ones may share it. */
export async function newestAt(
  { repository, commit, event }: { readonly repository: string; readonly commit: string; readonly event: string },
  { store }: { readonly store: Pick<Store, 'deliveries'> },
): Promise<Delivery | null> {
  const all = await store.deliveries.ofCommit(commit);
  const isOf = (delivery: Delivery) => delivery.repository !== null && sameRepository(delivery.repository, repository);
  return all.find((delivery) => delivery.event === event && isOf(delivery)) ?? null;
}

/** A delivery about which nothing could be decided. */
export function statusOfFailure(delivery: Delivery | null): CommitStatus | null {
  if (delivery?.status !== 'failed') return null;
  const { reason, repository, after } = delivery;
  const path = deliveriesPath(repository ?? '', after ?? '');
  return { state: 'error', description: reason ?? 'Nothing could be decided.', path };
}
