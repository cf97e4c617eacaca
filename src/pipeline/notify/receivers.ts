import type { Clock } from '../../clock.js';
import type { Config, NoticeSettings } from '../../config/config.js';
import { createHostPauses } from '../../host-pauses.js';
import type { Service } from '../../model/service.js';
import { sameRepository } from '../../same-repository.js';
import type { Store } from '../../store/contract.js';
import { createCallback, type CallbackOptions } from './callback.js';
import { createGithubApi } from './github/api.js';
import { createAppTokens } from './github/app.js';
import { createBudget } from './github/budget.js';
import { createChecks } from './github/checks.js';
import { createStatuses } from './github/statuses.js';
import type { Receiver } from './outbox/receiver.js';
import { toMail } from './people/mail.js';
import { createPerson, type PeopleDeps, type Send } from './people/people.js';
import { toSlack } from './people/slack.js';
import { toWebhook } from './people/webhook.js';
import type { Sending } from './send/send-json.js';

export interface ReceiversDeps
  extends Pick<PeopleDeps, 'findRoot'>, Pick<CallbackOptions, 'render' | 'renderDeployment' | 'fetch'> {
  /** The configuration in force. */
  readonly config: () => Config;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly store: Store;
  readonly clock: Clock;
}

const TIMEOUT_MS = 10_000;
/** One status for all where more services than this use a repository: 1,000 services × 3 states are more than GitHub takes in an hour. */
const MAX_SINGLE_STATUSES = 20;

/** All receivers of builds, decisions and deployments, as the configuration in force has them. */
export function createReceivers(deps: ReceiversDeps): () => readonly Receiver[] {
  const { config, store, clock, fetch } = deps;
  // The limits of a host are those of one token, whatever is sent with it.
  const sending: Sending = { fetch, hosts: createHostPauses(clock) };
  const callback = createCallback({
    ...deps,
    ...sending,
    store,
    allowedHosts: () => config().callbacks.allowedHosts,
  });
  const fixed = [...githubOf(deps, sending), callback];
  let known: Config | null = null;
  let people: readonly Receiver[] = [];
  return () => {
    if (config() !== known) {
      const now = config();
      people = peopleOf(now.notices, sending, deps);
      known = now;
    }
    return [...fixed, ...people];
  };
}

/** Check runs of an App, statuses of a token, or nothing. */
function githubOf(deps: ReceiversDeps, sending: Sending): readonly Receiver[] {
  const { config, services, store, clock } = deps;
  const { github, server } = config();
  const { apiUrl, app, token } = github;
  const shared = { store, services, clock, publicUrl: server.publicUrl, budget: createBudget(clock) };
  if (app !== null) {
    const tokens = createAppTokens({ ...sending, ...app, apiUrl, clock });
    return [createChecks({ ...shared, api: createGithubApi({ ...sending, ...tokens, apiUrl }) })];
  }
  if (token === null) return [];
  const modeOf = (repository: string) =>
    config().github.statuses ?? (usersOf(repository, services()) > MAX_SINGLE_STATUSES ? 'summary' : 'service');
  const api = createGithubApi({ ...sending, apiUrl, tokenFor: async () => token });
  return [createStatuses({ ...shared, api, modeOf })];
}

const usersOf = (repository: string, services: ReadonlyMap<string, Service>): number =>
  [...services.values()].filter((service) => sameRepository(service.repository, repository)).length;

/** One receiver for each address, with all settings that have it. */
function peopleOf(notices: readonly NoticeSettings[], sending: Sending, deps: ReceiversDeps): readonly Receiver[] {
  const byAddress = new Map<string, NoticeSettings[]>();
  for (const settings of notices) {
    const { to } = settings;
    const address = `${to.kind} ${to.kind === 'mail' ? to.address : to.url.reveal()}`;
    byAddress.set(address, [...(byAddress.get(address) ?? []), settings]);
  }
  return [...byAddress.values()].flatMap((settings) => {
    const send = senderOf(settings, sending, deps);
    return send === null ? [] : [createPerson(settings, send, deps)];
  });
}

function senderOf([settings]: readonly NoticeSettings[], sending: Sending, deps: ReceiversDeps): Send | null {
  const { publicUrl } = deps.config().server;
  const link = (path: string) => publicUrl && publicUrl + path;
  const common = { ...sending, link, timeoutMs: TIMEOUT_MS };
  if (settings === undefined) return null;
  const { to, secret } = settings;
  if (to.kind === 'slack') return toSlack({ ...common, url: to.url });
  if (to.kind === 'mail') {
    const server = deps.config().mail;
    return server && toMail({ ...common, server, to: to.address });
  }
  return secret && toWebhook({ ...common, url: to.url, secret, clock: deps.clock });
}
