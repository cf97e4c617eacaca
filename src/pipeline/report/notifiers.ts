import { createHostPauses } from '../../host-pauses.js';
import type { Build } from '../../model/build.js';
import type { Deployment } from '../../model/deployment.js';
import type { Secret } from '../../secret.js';
import { createCallback } from './callback.js';
import { createGithubStatus } from './github-status.js';
import { createLogLine } from './log-line.js';
import type { Notifier, RemoteNotifier } from './notifier.js';
import { retrying, type RetryOptions } from './retrying.js';
import type { Fetch } from './send-json.js';

export interface NotifierOptions extends RetryOptions {
  readonly github: { readonly apiUrl: string; readonly token: Secret | null };
  readonly publicUrl: string | null;
  readonly allowedHosts: () => readonly string[];
  /** Renders the build as the API shows it. */
  readonly render: (build: Build) => object;
  /** Likewise, a deployment. */
  readonly renderDeployment: (deployment: Deployment) => object;
  readonly fetch: Fetch;
}

/** All receivers of builds, decisions and deployments. A new notifier is one more file here and one more line. */
export function createNotifiers(options: NotifierOptions): readonly Notifier[] {
  const { github, publicUrl, fetch, allowedHosts, render, renderDeployment } = options;
  const { token, apiUrl } = github;
  // GitHub's limits are those of one token, whatever is sent with it.
  const hosts = createHostPauses(options.clock);
  const remote = (notifier: RemoteNotifier) => retrying(notifier, options);
  return [
    createLogLine(options.log),
    ...(token === null ? [] : [remote(createGithubStatus({ apiUrl, token, publicUrl, fetch, hosts }))]),
    remote(createCallback({ allowedHosts, render, renderDeployment, fetch, hosts })),
  ];
}
