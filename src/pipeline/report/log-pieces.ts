import type { LogMark } from '../../store/contract.js';

/** Text of a log that one step wrote without a break. */
export interface MarkedText {
  readonly text: string;
  readonly mark: LogMark;
}

/** Gathers lines for one write. */
export interface LogPieces {
  add(line: string, step: number | null, at: number): void;
  isEmpty(): boolean;
  /** What was added since the last time. */
  take(): readonly MarkedText[];
}

/** Steps that run at the same time may take turns with each line: beyond this, a write says no more which step wrote what. */
export const MAX_PIECES = 500;

interface Piece {
  readonly lines: string[];
  readonly mark: LogMark;
}

/** Lines of one step that follow each other are one piece. The first piece of each step is marked. */
export function gatherPieces(): LogPieces {
  const opened = new Set<number>();
  let pieces: Piece[] = [];
  return {
    add(line, lineStep, at) {
      const last = pieces.at(-1);
      const step = pieces.length < MAX_PIECES || lineStep === last?.mark.step ? lineStep : null;
      if (last !== undefined && last.mark.step === step) return void last.lines.push(line);
      const opens = step !== null && !opened.has(step);
      if (opens) opened.add(step);
      pieces.push({ lines: [line], mark: { at, step, opens } });
    },
    isEmpty: () => pieces.length === 0,
    take() {
      const taken = pieces.map(({ lines, mark }) => ({ text: lines.join(''), mark }));
      pieces = [];
      return taken;
    },
  };
}
