import type { LogSource } from './stream.js';
import type { StepHeading } from './view.js';

export interface LogProps {
  /** Address of the log in the API. */
  readonly url: string;
  /** Reads it. Default: as a log in numbered pieces, with steps and times. */
  readonly read?: (source: LogSource) => Promise<void>;
  /** Default: Log. */
  readonly title?: string;
  readonly steps: readonly StepHeading[];
  /** When the work began (ms since the epoch). */
  readonly begin: number | null;
  /** False once nothing is added any more. */
  readonly isRunning: boolean;
  /** How many of the newest lines stay, for what has no end. Default: all. */
  readonly keep?: number;
  /** Index of the step that failed. */
  readonly failed: number | null;
  /** What the error says, which leads to the line that it quotes. */
  readonly error?: string;
}
