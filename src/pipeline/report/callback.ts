import type { Build } from '../../model/build.js';
import type { Deployment } from '../../model/deployment.js';
import { requireCallbackUrl } from './callback-url.js';
import type { Notice, RemoteNotifier } from './notifier.js';
import { sendJson, type Sending } from './send-json.js';

export interface CallbackOptions extends Sending {
  /** `host[:port]`. Read at each call, because a reload may remove an address. */
  readonly allowedHosts: () => readonly string[];
  /** Renders a build as the API shows it. */
  readonly render: (build: Build) => object;
  /** Likewise, a deployment. */
  readonly renderDeployment: (deployment: Deployment) => object;
  /** Default: 10 s. */
  readonly timeoutMs?: number;
}

/** Reports the end of a build or a deployment to the callback address that came with the request. */
export function createCallback(options: CallbackOptions): RemoteNotifier {
  return {
    name: 'callback',
    subject: (notice) => called(notice, options)?.id ?? null,
    async notify(notice) {
      const message = called(notice, options);
      if (message === null) return;
      await sendJson(options, {
        url: requireCallbackUrl(message.url, options.allowedHosts()),
        body: message.body(),
        timeoutMs: options.timeoutMs ?? 10_000,
        // An allowed host must not redirect us to another one.
        redirects: 'refuse',
      });
    },
  };
}

interface Called {
  readonly id: string;
  readonly url: string;
  readonly body: () => object;
}

/** Null: nobody wants to know. */
function called(notice: Notice, { render, renderDeployment }: CallbackOptions): Called | null {
  if (notice.kind === 'deployed') {
    const { deployment } = notice;
    const { id, callbackUrl: url } = deployment;
    return url === null ? null : { id, url, body: () => renderDeployment(deployment) };
  }
  // Nobody is called before the end.
  if (notice.kind !== 'finished') return null;
  const { build } = notice;
  const { id, callbackUrl: url } = build;
  return url === null ? null : { id, url, body: () => render(build) };
}
