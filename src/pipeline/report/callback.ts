import type { Build } from '../../model/build.js';
import { requireCallbackUrl } from './callback-url.js';
import type { RemoteNotifier } from './notifier.js';
import { sendJson, type Sending } from './send-json.js';

export interface CallbackOptions extends Sending {
  /** `host[:port]`. Read at each call, because a reload may remove an address. */
  readonly allowedHosts: () => readonly string[];
  /** Renders the build as the API shows it. */
  readonly render: (build: Build) => object;
  /** Default: 10 s. */
  readonly timeoutMs?: number;
}

/** Reports the end of a build to the callback address that came with the request. */
export function createCallback(options: CallbackOptions): RemoteNotifier {
  return {
    name: 'callback',
    subject: (notice) => (notice.kind === 'finished' && notice.build.callbackUrl !== null ? notice.build.id : null),
    async notify(notice) {
      if (notice.kind !== 'finished' || notice.build.callbackUrl === null) return;
      await sendJson(options, {
        url: requireCallbackUrl(notice.build.callbackUrl, options.allowedHosts()),
        body: options.render(notice.build),
        timeoutMs: options.timeoutMs ?? 10_000,
        // An allowed host must not redirect us to another one.
        redirects: 'refuse',
      });
    },
  };
}
