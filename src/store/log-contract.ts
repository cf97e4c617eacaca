/** When text of a log was written, in milliseconds since the epoch, and by which step. */
export interface LogMark {
  readonly at: number | null;
  /** Index in the steps of the running attempt. Null: none of them, or unknown. */
  readonly step: number | null;
  /** Nothing of the step was written before. */
  readonly opens?: boolean;
}

/** A piece of a log. Chunks are numbered from 0, without gaps. */
export interface LogChunk extends Omit<LogMark, 'opens'> {
  readonly number: number;
  readonly text: string;
}

/** Where the text begins that was appended to a log. */
export interface LogPlace {
  /** From 1. Null: unknown. */
  readonly line: number | null;
}
