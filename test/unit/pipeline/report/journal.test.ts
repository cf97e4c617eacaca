import { createEvents, type SlipwayEvent } from '../../../../src/events.js';
import { openJournal } from '../../../../src/pipeline/report/journal.js';
import { MAX_PIECES } from '../../../../src/pipeline/report/log-pieces.js';
import type { LogMark, StepMark } from '../../../../src/store/contract.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';

/** A journal whose store fails as often as is asked. */
function open() {
  const steps: StepMark[] = [];
  const pieces: (readonly [text: string, LogMark | undefined])[] = [];
  const said: SlipwayEvent[] = [];
  const faults = { steps: 0 };
  const events = createEvents();
  events.subscribe((event) => said.push(event));
  const journal = openJournal(
    { id: 'b-1', claim: 1, service: 'app' },
    {
      logs: { append: async (_, text, mark) => pieces.push([text, mark]) > 0 },
      queue: {
        steps: async (_, marks) => {
          if (faults.steps > 0) {
            faults.steps -= 1;
            throw new Error('the disk is full');
          }
          return steps.push(...marks) > 0;
        },
      },
      events,
      clock: manualClock(),
      metrics: { logged: () => undefined },
      log: keptLog(),
    },
  );
  const text = () => pieces.map(([some]) => some).join('');
  const byStep = () => pieces.map(([some, mark]) => [mark?.step, mark?.opens, some]);
  return { journal, steps, pieces, said, faults, text, byStep };
}

test('a line is stored fit to be printed, with its colours and tabs', async () => {
  const { journal, text } = open();
  journal.line('\u001b[32mok\u001b[0m\tsrc/a');
  journal.line('\u001b[2J\u001b]0;title\u0007 user\u202egnp \u009b1m \u2028');
  journal.line('=> RUN x ERROR: first\nsecond');
  await journal.flush();
  expect(text().split('\n')).toEqual([
    '\u001b[32mok\u001b[0m\tsrc/a',
    '\\u001b[2J\\u001b]0;title\\u0007 user\\u202egnp \\u009b1m \\u2028',
    '=> RUN x ERROR: first',
    'second',
    '',
  ]);
});

test('a step is named on one line, at its beginning as at its end', async () => {
  const name = 'RUN a\u001b[2J\nb\u202e';
  const { journal, steps } = open();
  journal.startStep(name);
  journal.finishStep(name);
  await journal.flush();
  expect(steps.map((mark) => mark.name)).toEqual(['RUN a\\u001b[2J\\nb\\u202e', 'RUN a\\u001b[2J\\nb\\u202e']);
});

test('each line has the step that wrote it, also when steps run at the same time', async () => {
  const { journal, byStep, steps } = open();
  journal.line('before');
  await journal.during('fetch', async () => journal.line('fetching'));
  await journal.during('build', async () => {
    journal.startStep('RUN a', { kind: 'dockerfile', dockerfile: { from: 2, to: 3 } });
    journal.startStep('RUN b', { kind: 'dockerfile' });
    journal.line('a1', 'RUN a');
    journal.line('a2', 'RUN a');
    journal.line('b1', 'RUN b');
    journal.finishStep('RUN a', true);
    journal.line('a3', 'RUN a');
    journal.line('not announced', '[internal] x');
  });
  journal.reuse('publish', 'taken over');
  journal.line('after');
  await journal.flush();
  expect(byStep()).toEqual([
    [null, false, 'before\n'],
    [0, true, 'fetching\n'],
    [2, true, 'a1\na2\n'],
    [3, true, 'b1\n'],
    [2, false, 'a3\n'],
    [1, true, 'not announced\n'],
    [4, true, 'taken over\n'],
    [null, false, 'after\n'],
  ]);
  const began = steps.flatMap((mark) => ('startedAt' in mark ? [{ ...mark, startedAt: 0 }] : []));
  expect(began).toEqual([
    { name: 'fetch', kind: 'slipway', startedAt: 0 },
    { name: 'build', kind: 'slipway', startedAt: 0 },
    { name: 'RUN a', kind: 'dockerfile', dockerfile: { from: 2, to: 3 }, startedAt: 0 },
    { name: 'RUN b', kind: 'dockerfile', startedAt: 0 },
    { name: 'publish', kind: 'slipway', reused: true, startedAt: 0 },
  ]);
});

test('steps that take turns with every line cost a bounded number of pieces, and no text is lost', async () => {
  const { journal, pieces, text } = open();
  journal.startStep('a');
  journal.startStep('b');
  const lines = Array.from({ length: 4 * MAX_PIECES }, (_, index) => `${index}`);
  for (const [index, line] of lines.entries()) journal.line(line, index % 2 === 0 ? 'a' : 'b');
  await journal.flush();
  expect(pieces).toHaveLength(MAX_PIECES + 1);
  expect(text()).toBe(`${lines.join('\n')}\n`);
  expect(pieces.at(-1)?.[1]).toMatchObject({ step: null });
});

test('an event tells of each step once it is stored', async () => {
  const { journal, said } = open();
  await journal.during('fetch', async () => undefined);
  await journal.flush();
  const step = { type: 'step', id: 'b-1', service: 'app', index: 0, name: 'fetch' };
  expect(said.filter(({ type }) => type === 'step')).toEqual([
    { ...step, status: 'started' },
    { ...step, status: 'finished' },
  ]);
});

test('steps that could not be stored are stored with the next ones, in order', async () => {
  const { journal, steps, said, faults } = open();
  faults.steps = 1;
  journal.startStep('a');
  await journal.flush();
  expect([steps, said]).toEqual([[], []]);
  journal.startStep('b');
  await journal.flush();
  expect(steps.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(said.map((event) => (event.type === 'step' ? event.index : event.type))).toEqual([0, 1, 'log']);
});
