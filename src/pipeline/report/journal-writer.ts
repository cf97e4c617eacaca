import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Build } from '../../model/build.js';
import { printableOutput } from '../../printable.js';
import type { Logs, Queue, StepMark } from '../../store/contract.js';
import { gatherPieces } from './log-pieces.js';

export interface JournalDeps {
  readonly logs: Pick<Logs, 'append'>;
  readonly queue: Pick<Queue, 'steps'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: { logged(bytes: number): void };
}

/** The attempt that writes, and what it is about. */
export type Writing = Pick<Build, 'id' | 'claim' | 'service'>;

/** Stores lines and steps of a build in order and in batches. `step`, `index`: in the steps of the build. */
export interface JournalWriter {
  add(text: string, step: number | null): void;
  note(mark: StepMark, index: number): void;
  /** Resolves when everything so far is stored. Never fails: a build does not fail because its log cannot be written. */
  flush(): Promise<void>;
}

interface Noted {
  readonly mark: StepMark;
  readonly index: number;
}

const BATCH_MS = 150;

export function openWriter(attempt: Writing, { logs, queue, events, clock, log, metrics }: JournalDeps): JournalWriter {
  const lines = gatherPieces();
  let noted: Noted[] = [];
  let writing: Promise<void> = Promise.resolve();
  let scheduled = false;

  const write = async () => {
    const [pieces, steps] = [lines.take(), noted];
    noted = [];
    const marks = steps.map(({ mark }) => mark);
    // Sent together, so that the store needs one transaction.
    const [marked, ...appended] = await Promise.allSettled([
      marks.length > 0 && queue.steps(attempt, marks),
      ...pieces.map(({ text, mark }) => logs.append(attempt, text, mark)),
    ]);
    // Steps are tried again: the index of a step is its place among all of them.
    if (marked.status === 'rejected') noted = [...steps, ...noted];
    else for (const one of steps) events.publish({ type: 'step', ...told(attempt, one) });
    for (const { text } of pieces) metrics.logged(Buffer.byteLength(text));
    const failed = [marked, ...appended].find((result) => result.status === 'rejected');
    if (failed === undefined) events.publish({ type: 'log', id: attempt.id });
    else log.error({ err: failed.reason, build: attempt.id }, 'could not store lines of the build log');
  };
  const flush = () => {
    writing = writing.then(() => (lines.isEmpty() && noted.length === 0 ? undefined : write()));
    return writing;
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    void clock.sleep(BATCH_MS).then(() => {
      scheduled = false;
      return flush();
    });
  };
  return {
    add(text, step) {
      lines.add(`${printableOutput(text)}\n`, step, clock.now());
      schedule();
    },
    note(mark, index) {
      noted.push({ mark, index });
      schedule();
    },
    flush,
  };
}

const told = ({ id, service }: Writing, { mark, index }: Noted) =>
  ({ id, service, index, name: mark.name, status: 'startedAt' in mark ? 'started' : 'finished' }) as const;
