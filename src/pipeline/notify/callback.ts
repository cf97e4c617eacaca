import type { Clock } from '../../clock.js';
import type { Build } from '../../model/build.js';
import type { Deployment } from '../../model/deployment.js';
import type { NewNotice, Store } from '../../store/contract.js';
import type { Change, Receiver } from './outbox/receiver.js';
import { requireCallbackUrl } from './send/callback-url.js';
import { sendJson, type Sending } from './send/send-json.js';

export interface CallbackOptions extends Sending {
  readonly store: {
    readonly builds: Pick<Store['builds'], 'get'>;
    readonly deployments: Pick<Store['deployments'], 'get'>;
  };
  /** `host[:port]`. Read at each call, because a reload may remove an address. */
  readonly allowedHosts: () => readonly string[];
  /** Renders a build as the API shows it. */
  readonly render: (build: Build) => object;
  /** Likewise, a deployment. */
  readonly renderDeployment: (deployment: Deployment) => object;
  readonly clock: Pick<Clock, 'now'>;
  /** Default: 10 s. */
  readonly timeoutMs?: number;
}

/** Each host is a receiver of its own: one that does not answer holds up no other. */
const prefix = 'callback ';

/** Reports the end of a build or a deployment to the callback address that came with the request. */
export function createCallback(options: CallbackOptions): Receiver {
  const { store, clock } = options;
  return {
    kind: 'callback',
    owns: (name) => name.startsWith(prefix),
    noticesOf: async (change) => noticesOf(change, clock.now()),
    async deliver(subject) {
      const [kind, id = ''] = subject.split(' ');
      const about = kind === 'build' ? await store.builds.get(id) : await store.deployments.get(id);
      if (about === null || about.callbackUrl === null) return 'delivered';
      await sendJson(options, {
        url: requireCallbackUrl(about.callbackUrl, options.allowedHosts()),
        body: 'requester' in about ? options.renderDeployment(about) : options.render(about),
        timeoutMs: options.timeoutMs ?? 10_000,
        // An allowed host must not redirect us to another one.
        redirects: 'refuse',
      });
      return 'delivered';
    },
  };
}

/** Nobody is called before the end. */
function noticesOf(change: Change, dueAt: number): readonly NewNotice[] {
  if (change.kind !== 'build' && change.kind !== 'deployment') return [];
  const about = change.kind === 'build' ? change.build : change.deployment;
  const { id, callbackUrl: url, finishedAt } = about;
  if (url === null || finishedAt === null || !URL.canParse(url)) return [];
  const receiver = prefix + new URL(url).host;
  return [{ receiver, subject: `${change.kind} ${id}`, item: '', body: '', dueAt }];
}
