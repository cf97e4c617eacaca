import { createEvents } from '../../../../src/events.js';
import { openJournal } from '../../../../src/pipeline/report/journal.js';
import type { StepMark } from '../../../../src/store/contract.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';

async function stored(say: (journal: ReturnType<typeof openJournal>) => void) {
  let text = '';
  const steps: StepMark[] = [];
  const journal = openJournal(
    { id: 'b-1', claim: 1 },
    {
      logs: {
        append: async (_, more) => {
          text += more;
          return true;
        },
        read: async () => ({ text, next: 0 }),
      },
      queue: { steps: async (_, marks) => steps.push(...marks) > 0 },
      events: createEvents(),
      clock: manualClock(),
      log: keptLog(),
    },
  );
  say(journal);
  await journal.flush();
  return { text, steps };
}

test('a line is stored fit to be printed, with its colours and tabs', async () => {
  const { text } = await stored((journal) => {
    journal.line('\u001b[32mok\u001b[0m\tsrc/a');
    journal.line('\u001b[2J\u001b]0;title\u0007 user\u202egnp \u009b1m \u2028');
    journal.line('=> RUN x ERROR: first\nsecond');
  });
  expect(text.split('\n')).toEqual([
    '\u001b[32mok\u001b[0m\tsrc/a',
    '\\u001b[2J\\u001b]0;title\\u0007 user\\u202egnp \\u009b1m \\u2028',
    '=> RUN x ERROR: first',
    'second',
    '',
  ]);
});

test('a step is named on one line, at its beginning as at its end', async () => {
  const name = 'RUN a\u001b[2J\nb\u202e';
  const { steps } = await stored((journal) => {
    journal.startStep(name);
    journal.finishStep(name);
  });
  expect(steps.map((mark) => mark.name)).toEqual(['RUN a\\u001b[2J\\nb\\u202e', 'RUN a\\u001b[2J\\nb\\u202e']);
});
