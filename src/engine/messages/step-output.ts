import type { BuildEvent } from '../contract.js';
import { createLineBuffer, type LineBuffer } from './lines.js';
import type { Mask } from '../../mask.js';

/** Lines kept of each step, for the error message if it fails. */
const MAX_LAST_LINES = 5;
/** Characters kept of each line. */
const MAX_LINE_CHARACTERS = 4096;
/** Characters of lines without an end that are kept for all steps together. */
const MAX_HELD_CHARACTERS = 4 * 1024 * 1024;

const STANDARD_ERROR = 2;

/** A step of a build as far as it is known. */
export interface StepState {
  readonly name: string;
  finished: boolean;
  /** The end of BuildKit's words; empty if there are none. */
  error: string;
  /** Empty if the step succeeded. */
  readonly lastLines: string[];
  readonly streams: Map<number, LineBuffer>;
}

/** The output of a build's steps, as events of whole lines. */
export interface StepOutput {
  /** `null`: a step that was not announced. */
  print(step: StepState | null, lines: readonly string[]): void;
  take(step: StepState, stream: number, bytes: Buffer): void;
  /** Prints an unfinished line. */
  finish(step: StepState): void;
}

/** Keeps a bounded amount of text for any number of steps. All text passes through `mask`. */
export function createStepOutput(onEvent: (event: BuildEvent) => void, mask: Mask): StepOutput {
  let held = 0;
  const print = (step: StepState | null, lines: readonly string[]): void => {
    for (const text of lines.map(mask)) {
      onEvent({ kind: 'output', line: { step: step?.name ?? null, text } });
      if (step === null || text.trim() === '' || (step.finished && step.error === '')) continue;
      step.lastLines.push(shortened(text, MAX_LINE_CHARACTERS));
      if (step.lastLines.length > MAX_LAST_LINES) step.lastLines.shift();
    }
  };
  const endLine = (step: StepState, lines: LineBuffer): void => {
    held -= lines.held;
    print(step, lines.end());
  };
  return {
    print,
    take(step, stream, bytes) {
      const channel = stream === STANDARD_ERROR ? stream : 1;
      const lines = step.streams.get(channel) ?? createLineBuffer();
      held -= lines.held;
      const whole = lines.take(bytes);
      held += lines.held;
      print(step, whole);
      if (step.finished || held > MAX_HELD_CHARACTERS) endLine(step, lines);
      if (!step.finished) step.streams.set(channel, lines);
    },
    finish(step) {
      for (const lines of step.streams.values()) endLine(step, lines);
      step.streams.clear();
    },
  };
}

/** The beginning of a text that is longer. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
