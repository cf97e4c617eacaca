import type { Build } from '../../model/build.js';
import { requireCallbackUrl } from './callback-url.js';
import type { RemoteNotifier } from './notifier.js';
import { sendJson, type Fetch } from './send-json.js';

export interface CallbackOptions {
  /** `host[:port]`; asked again at each call, in case an address was taken off the list. */
  readonly allowedHosts: () => readonly string[];
  /** The build as the API shows it. */
  readonly render: (build: Build) => object;
  readonly fetch: Fetch;
  /** 10 s where it is not given. */
  readonly timeoutMs?: number;
}

/** Tells the one who asked for a build that it has ended, at the address that came with the call. */
export function createCallback(options: CallbackOptions): RemoteNotifier {
  return {
    name: 'callback',
    subject: (notice) => (notice.kind === 'finished' && notice.build.callbackUrl !== null ? notice.build.id : null),
    async notify(notice) {
      if (notice.kind !== 'finished' || notice.build.callbackUrl === null) return;
      await sendJson(options.fetch, {
        url: requireCallbackUrl(notice.build.callbackUrl, options.allowedHosts()),
        body: options.render(notice.build),
        timeoutMs: options.timeoutMs ?? 10_000,
        // An allowed host must not be able to send us to any other.
        redirects: 'refuse',
      });
    },
  };
}
