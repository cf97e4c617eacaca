import type { LineRange, StepKind } from '../../model/build.js';
import { printable } from '../../printable.js';
import { openWriter, type JournalDeps, type Writing } from './journal-writer.js';

/** What is known of a step when it begins. */
export interface StepAbout {
  readonly kind: StepKind;
  readonly dockerfile?: LineRange | null;
}

/**
 * Writes a build's log and its steps as they happen. Lines reach the store in order and in batches, printable characters only, each with its
 * step: the newest one of the name that is given, else the step of Slipway's own that runs.
 */
export interface Journal {
  line(text: string, step?: string | null): void;
  startStep(name: string, about?: StepAbout): void;
  finishStep(name: string, cached?: boolean): void;
  /** Runs work as a step of that name. */
  during<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A step whose work was taken over, with the line that says from where. */
  reuse(name: string, line: string): void;
  /** Resolves when everything so far is stored. Never fails: a build does not fail because its log cannot be written. */
  flush(): Promise<void>;
}

const ownStep = { kind: 'slipway' } as const;

export function openJournal(attempt: Writing, deps: JournalDeps): Journal {
  const writer = openWriter(attempt, deps);
  /** By name: the index of the newest one. */
  const known = new Map<string, number>();
  let count = 0;
  let own: number | null = null;
  const start = (name: string, about: StepAbout & { readonly reused?: boolean }): number => {
    const index = count;
    count += 1;
    known.set(name, index);
    writer.note({ name: printable(name), startedAt: deps.clock.now(), ...about }, index);
    return index;
  };

  const journal: Journal = {
    line: (text, step = null) => writer.add(text, (step === null ? undefined : known.get(step)) ?? own),
    startStep: (name, about = ownStep) => void start(name, about),
    finishStep(name, cached = false) {
      const index = known.get(name);
      if (index !== undefined) writer.note({ name: printable(name), finishedAt: deps.clock.now(), cached }, index);
    },
    async during(name, work) {
      own = start(name, ownStep);
      try {
        return await work();
      } finally {
        own = null;
        journal.finishStep(name);
      }
    },
    reuse(name, line) {
      writer.add(line, start(name, { ...ownStep, reused: true }));
      journal.finishStep(name);
    },
    flush: writer.flush,
  };
  return journal;
}
