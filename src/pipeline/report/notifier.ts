import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Deployment } from '../../model/deployment.js';

/** An event that others may want to know of. Builds and deployments are as they were when the notice was made. */
export type Notice =
  | { readonly kind: 'queued' | 'started' | 'finished'; readonly build: Build }
  /** A deployment waits or runs, or has ended. */
  | {
      readonly kind: 'deploying' | 'deployed';
      readonly deployment: Deployment;
      /** `owner/name` of the service's repository. Null: the service is no longer configured. */
      readonly repository: string | null;
    }
  | {
      readonly kind: 'decided';
      readonly decision: RecordedDecision;
      /** `owner/name` of the service's repository. */
      readonly repository: string;
    };

/**
 * Delivers notices to one receiver. Called in order of events, also while earlier calls are running. Fails with `notice-failed` (worth
 * repeating), `notice-refused` or `callback-not-allowed`. The caller must not let that fail a build.
 */
export interface Notifier {
  readonly name: string;
  notify(notice: Notice): Promise<void>;
}

/** A notifier with a remote receiver. It is given the newest state of each subject, in order, and again after a failure. */
export interface RemoteNotifier extends Notifier {
  /** Identifies the notice to the receiver: a newer notice of the same subject replaces it. Null: the receiver does not want it. */
  subject(notice: Notice): string | null;
}
