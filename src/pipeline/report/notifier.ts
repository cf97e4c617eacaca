import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';

/** Something that others may want to hear of. A build is as it was when the notice was made. */
export type Notice =
  | { readonly kind: 'queued' | 'started' | 'finished'; readonly build: Build }
  | {
      readonly kind: 'decided';
      readonly decision: RecordedDecision;
      /** `owner/name` that the decision's service belongs to. */
      readonly repository: string;
    };

/**
 * Passes notices on to somebody. Called in the order of what happened; may be called while earlier calls are under way. Fails with
 * `notice-failed` (worth repeating), `notice-refused` or `callback-not-allowed`; whoever calls sees to it that no build fails by that.
 */
export interface Notifier {
  readonly name: string;
  notify(notice: Notice): Promise<void>;
}

/** One whose receiver is far away: told of the newest state of each subject, in order, and again where that failed. */
export interface RemoteNotifier extends Notifier {
  /** What the receiver knows the notice by: a newer notice of the same subject makes it pointless. Null: of no interest to the receiver. */
  subject(notice: Notice): string | null;
}
