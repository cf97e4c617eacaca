import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Attempt } from '../../model/build.js';
import { printable, printableOutput } from '../../printable.js';
import type { Logs, Queue, StepMark } from '../../store/contract.js';

export interface JournalDeps {
  readonly logs: Logs;
  readonly queue: Pick<Queue, 'steps'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes a build's log and its steps as they happen. Lines reach the store in order and in batches, printable characters only. */
export interface Journal {
  line(text: string): void;
  startStep(name: string): void;
  finishStep(name: string): void;
  /** Runs work as a step of that name. */
  during<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when everything so far is stored. Never fails: a build does not fail because its log cannot be written. */
  flush(): Promise<void>;
}

const BATCH_MS = 150;

export function openJournal(attempt: Attempt, deps: JournalDeps): Journal {
  let lines: string[] = [];
  let steps: StepMark[] = [];
  let writing: Promise<void> = Promise.resolve();
  let scheduled = false;

  const write = async () => {
    const [text, ofSteps] = [lines.join(''), steps];
    [lines, steps] = [[], []];
    try {
      // Sent together, so that the store needs one transaction.
      await Promise.all([
        ofSteps.length > 0 && deps.queue.steps(attempt, ofSteps),
        text !== '' && deps.logs.append(attempt, text),
      ]);
      deps.events.publish({ type: 'log', id: attempt.id });
    } catch (error) {
      deps.log.error({ err: error, build: attempt.id }, 'could not store lines of the build log');
    }
  };
  const flush = () => {
    writing = writing.then(() => (lines.length > 0 || steps.length > 0 ? write() : undefined));
    return writing;
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    void deps.clock.sleep(BATCH_MS).then(() => {
      scheduled = false;
      return flush();
    });
  };
  const mark = (step: StepMark) => {
    steps.push(step);
    schedule();
  };

  const journal: Journal = {
    line(text) {
      lines.push(`${printableOutput(text)}\n`);
      schedule();
    },
    startStep: (name) => mark({ name: printable(name), startedAt: deps.clock.now() }),
    finishStep: (name) => mark({ name: printable(name), finishedAt: deps.clock.now() }),
    async during(name, work) {
      journal.startStep(name);
      try {
        return await work();
      } finally {
        journal.finishStep(name);
      }
    },
    flush,
  };
  return journal;
}
