import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.js';
import type { NoticeSettings } from '../../../config/config.js';
import type { Build } from '../../../model/build.js';
import type { Deployment } from '../../../model/deployment.js';
import type { NewNotice, Store, StoredNotice } from '../../../store/contract.js';
import type { Change, Drift, Receiver } from '../outbox/receiver.js';
import { causeOf, type Cause, type FindRoot } from './cause.js';
import { buildMessage, deploymentMessage, driftMessage, type Message } from './message.js';
import { eventOf, wantsBuild, wantsDeployment, wantsDrift, type BuildEvent, type Former } from './wishes.js';

/** Sends a message. `id` is the same each time that it is sent. Fails with `notice-failed` or `notice-refused`. */
export type Send = (message: Message, id: string) => Promise<void>;

export interface PeopleDeps {
  readonly store: Pick<Store, 'builds'> & { readonly deployments: Pick<Store['deployments'], 'get'> };
  readonly findRoot: FindRoot;
  /** Renders a build as the API shows it. */
  readonly render: (build: Build) => object;
  /** Likewise, a deployment. */
  readonly renderDeployment: (deployment: Deployment) => object;
  readonly clock: Pick<Clock, 'now'>;
}

/** Builds of one cause are waited for, but no longer than this. */
const GATHER_MS = 5_000;
const MAX_GATHER_MS = 5 * 60_000;
/** Earlier builds of a branch that are looked through for one that succeeded or failed. */
const MAX_FORMER = 50;
const MAX_IN_FLIGHT = 200;

/** What a notice is about. Its subject says what became of it, and the cause. */
type Item =
  | { readonly build: string; readonly event: BuildEvent; readonly cause: Cause }
  | { readonly deployment: string }
  | { readonly drift: Drift };

/** The part of a receiver's name that stands for its address, which may hold a token. */
const digestOf = (address: string): string => createHash('sha256').update(address).digest('hex').slice(0, 16);

/** Somebody who is notified, with all settings that have the same address. */
export function createPerson(settings: readonly NoticeSettings[], send: Send, deps: PeopleDeps): Receiver {
  const [{ to } = { to: { kind: 'mail', address: '' } as const }] = settings;
  const address = to.kind === 'mail' ? to.address : to.url.reveal();
  const name = `${to.kind} ${digestOf(address)}`;
  const { clock } = deps;
  return {
    kind: to.kind,
    owns: (receiver) => receiver === name,
    noticesOf: (change) => noticesOf(change, name, settings, deps),
    async deliver(_subject, notices) {
      const items = notices.map(({ body }) => JSON.parse(body) as Item);
      const until = await gatheredAt(items, Math.min(...notices.map(({ createdAt }) => createdAt)), deps);
      if (until > clock.now()) return { until };
      const message = await messageOf(items, deps);
      if (message !== null) await send(message, idOf(name, notices));
      return 'delivered';
    },
  };
}

async function noticesOf(
  change: Change,
  receiver: string,
  settings: readonly NoticeSettings[],
  deps: PeopleDeps,
): Promise<readonly NewNotice[]> {
  const dueAt = deps.clock.now() + GATHER_MS;
  const notice = (subject: string, item: string, about: Item): NewNotice[] => [
    { receiver, subject, item, body: JSON.stringify(about), dueAt },
  ];
  if (change.kind === 'build') {
    const { build } = change;
    if (build.finishedAt === null) return [];
    const former = await formerOf(build, deps);
    const event = eventOf(build, former);
    if (event === null || !wantsBuild(settings, build, event, former)) return [];
    const cause = await causeOf(build, deps.findRoot);
    return notice(`${event} ${cause.key}`, build.id, { build: build.id, event, cause });
  }
  if (change.kind === 'deployment') {
    const { deployment } = change;
    if (deployment.finishedAt === null || !wantsDeployment(settings, deployment)) return [];
    return notice(`deployment ${deployment.id}`, '', { deployment: deployment.id });
  }
  if (change.kind === 'drift' && wantsDrift(settings, change.drift)) {
    const { drift } = change;
    const verb = drift.hosts.length > 0 ? 'began' : 'ended';
    return notice(`drift ${verb} ${drift.environment}`, drift.service, { drift });
  }
  return [];
}

/** What became of the build before, of the same service and branch. */
async function formerOf(build: Build, { store }: PeopleDeps): Promise<Former> {
  const { service, branch } = build;
  const { items } = await store.builds.page({ service, branch, limit: MAX_FORMER, cursor: null });
  const at = items.findIndex(({ id }) => id === build.id);
  for (const { status } of items.slice(at + 1)) if (status === 'succeeded' || status === 'failed') return status;
  return null;
}

/** When a message may be sent: once no build of its cause is on its way. */
async function gatheredAt(items: readonly Item[], since: number, { store, clock }: PeopleDeps): Promise<number> {
  const [first] = items;
  const latest = since + MAX_GATHER_MS;
  if (first === undefined || !('build' in first) || clock.now() >= latest) return 0;
  const { cause } = first;
  if (cause.kind === 'other') return 0;
  const pages = await Promise.all(
    (['queued', 'running'] as const).map((status) => store.builds.page({ status, limit: MAX_IN_FLIGHT, cursor: null })),
  );
  const goesOn = pages.some((page) =>
    page.items.some(({ trigger }) =>
      cause.kind === 'push' ? trigger.deliveryId === cause.deliveryId : trigger.kind === 'base-image',
    ),
  );
  return goesOn ? Math.min(latest, clock.now() + GATHER_MS) : 0;
}

/** Null: what it is about is not kept any more. */
async function messageOf(items: readonly Item[], deps: PeopleDeps): Promise<Message | null> {
  const { store, render, renderDeployment } = deps;
  const [first] = items;
  if (first === undefined) return null;
  if ('deployment' in first) {
    const deployment = await store.deployments.get(first.deployment);
    return deployment && deploymentMessage(deployment, renderDeployment);
  }
  if ('drift' in first)
    return driftMessage(
      first.drift.environment,
      items.flatMap((item) => ('drift' in item ? [item.drift] : [])),
    );
  const ids = items.flatMap((item) => ('build' in item ? [item.build] : []));
  const found = await Promise.all(ids.map((id) => store.builds.get(id)));
  const [build, ...others] = found.filter((one) => one !== null);
  return build === undefined ? null : buildMessage(first.event, [build, ...others], first.cause, render);
}

const idOf = (name: string, notices: readonly StoredNotice[]): string => {
  const parts = notices.map(({ seq, version }) => `${seq}.${version}`);
  return `msg_${createHash('sha256')
    .update(JSON.stringify([name, ...parts]))
    .digest('hex')
    .slice(0, 32)}`;
};
