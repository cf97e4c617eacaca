import type { Clock } from '../clock.js';
import type { DecideDeps } from '../decide/deps.js';
import type { Events } from '../events.js';
import type { Build, BuildStatus, Outcome } from '../model/build.js';
import type { ReasonCode, RecordedDecision } from '../model/decision.js';

export interface QueueDeps extends DecideDeps {
  readonly events: Events;
  readonly clock: Clock;
  /** Never fails the work that it reports. */
  readonly report: {
    decided(decisions: readonly RecordedDecision[]): void;
    changed(build: Build): void;
  };
  readonly metrics: {
    decision(decision: 'build' | 'skip', code: ReasonCode): void;
    build(status: BuildStatus, outcome: Outcome | null, seconds: number | null): void;
    misread(): void;
  };
}
