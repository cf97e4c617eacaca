import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import { printable } from '../../printable.js';
import type { Secret } from '../../secret.js';
import { deploymentStatus, type CommitStatus } from './deployment-status.js';
import type { Notice, RemoteNotifier } from './notifier.js';
import { sendJson, type Sending } from './send-json.js';

export interface GithubStatusOptions extends Sending {
  /** Root of GitHub's REST API. */
  readonly apiUrl: string;
  readonly token: Secret;
  /** Address of Slipway for people. Null: statuses carry no link. */
  readonly publicUrl: string | null;
  /** Default: 10 s. */
  readonly timeoutMs?: number;
}

/**
 * Commit statuses on GitHub (REST API, "Create a commit status"), one context per service, `slipway/SERVICE`, and one per service in an
 * environment, `slipway/ENVIRONMENT/SERVICE`.
 */
export function createGithubStatus(options: GithubStatusOptions): RemoteNotifier {
  const root = options.apiUrl.replace(/\/+$/, '');
  return {
    name: 'github-status',
    subject(notice) {
      const status = commitStatus(notice);
      return status && `${status.repository} ${status.sha} ${status.context}`;
    },
    async notify(notice) {
      const status = commitStatus(notice);
      if (status === null) return;
      const { state, context, description } = status;
      const link = options.publicUrl && options.publicUrl.replace(/\/+$/, '') + status.path;
      await sendJson(options, {
        url: new URL(`${root}/repos/${status.repository}/statuses/${status.sha}`),
        body: { state, context, description, ...(link === null ? {} : { target_url: link }) },
        headers: {
          authorization: `Bearer ${options.token.reveal()}`,
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
        },
        timeoutMs: options.timeoutMs ?? 10_000,
        redirects: 'follow',
      });
    },
  };
}

/** The status to set for a notice, or null. Of decisions, only a push's skips are reported; builds and deployments report themselves. */
export function commitStatus(notice: Notice): CommitStatus | null {
  const status = statusOf(notice);
  return status && { ...status, description: shortened(status.description) };
}

function statusOf(notice: Notice): CommitStatus | null {
  if ('deployment' in notice) return deploymentStatus(notice.deployment, notice.repository);
  return notice.kind === 'decided' ? ofDecision(notice.decision, notice.repository) : ofBuild(notice.build);
}

function ofDecision(decision: RecordedDecision, repository: string): CommitStatus | null {
  const { trigger, head, service, reason } = decision;
  if (decision.decision !== 'skip' || trigger.kind !== 'push' || head === null) return null;
  return {
    repository,
    sha: head,
    state: 'success',
    context: `slipway/${service}`,
    description: reason.message,
    path: trigger.deliveryId === null ? '/' : `/api/v1/deliveries/${encodeURIComponent(trigger.deliveryId)}`,
  };
}

function ofBuild(build: Build): CommitStatus {
  return {
    repository: build.repository,
    sha: build.commit,
    state: stateOf(build),
    context: `slipway/${build.service}`,
    description: build.error?.message ?? build.reason.message,
    path: `/api/v1/builds/${build.id}`,
  };
}

/**
 * `failure`: the author of the commit has to act. `error`: somebody else has to. A superseded build broke nothing, because a newer one
 * replaced it.
 */
function stateOf(build: Build): CommitStatus['state'] {
  switch (build.status) {
    case 'queued':
    case 'running':
      return 'pending';
    case 'succeeded':
    case 'superseded':
      return 'success';
    case 'failed':
      return build.error?.blame === 'dockerfile' || build.error?.blame === 'source' ? 'failure' : 'error';
    case 'canceled':
      return 'error';
  }
}

/** GitHub's limit is 140 characters. */
function shortened(text: string): string {
  const characters = [...printable(text.replace(/\s+/g, ' ').trim())];
  return characters.length <= 140 ? characters.join('') : `${characters.slice(0, 139).join('')}…`;
}
