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
    /** How long a build that has ended waited and what its steps took. */
    work(build: Pick<Build, 'queuedAt' | 'notBefore' | 'startedAt' | 'steps' | 'error'>): void;
    /** Seconds from a delivery to its decisions. */
    decided(seconds: number): void;
    /** Bytes of a build log were stored. */
    logged(bytes: number): void;
    misread(): void;
  };
}
