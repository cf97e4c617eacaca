import { createLineBuffer } from '../../../../src/engine/messages/lines.js';
import { maskOf } from '../../../../src/engine/messages/mask.js';
import { readStatus, type Vertex } from '../../../../src/engine/messages/status.js';
import { createSteps } from '../../../../src/engine/messages/steps.js';
import { writeMessage } from '../../../../src/engine/bytes/wire.js';
import { Secret } from '../../../../src/secret.js';
import { eventLog } from '../../../support/engine.js';

const vertex = (changes: Partial<Vertex> = {}): Vertex => ({
  digest: 'sha256:a',
  name: '[1/1] RUN make',
  cached: false,
  startedAt: 1000,
  completedAt: null,
  error: '',
  ...changes,
});
const output = (text: string, changes = {}) => ({
  vertex: 'sha256:a',
  stream: 1,
  bytes: Buffer.from(text),
  ...changes,
});

describe("BuildKit's status messages", () => {
  test('give steps with times in milliseconds, output and warnings', () => {
    const time = (seconds: number, nanos: number) =>
      writeMessage([
        [1, seconds],
        [2, nanos],
      ]);
    const message = writeMessage([
      [
        1,
        writeMessage([
          [1, 'sha256:a'],
          [2, 'sha256:in'],
          [3, '[1/1] RUN make'],
          [4, 1],
          [5, time(1, 500_000_000)],
          [6, time(2, 0)],
          [7, 'bad'],
        ]),
      ],
      [2, writeMessage([[1, 'a transfer']])],
      [
        3,
        writeMessage([
          [1, 'sha256:a'],
          [3, 2],
          [4, 'words\n'],
        ]),
      ],
      [
        4,
        writeMessage([
          [1, 'sha256:a'],
          [2, 1],
          [3, 'old syntax'],
        ]),
      ],
    ]);
    expect(readStatus(message)).toEqual({
      vertexes: [vertex({ cached: true, startedAt: 1500, completedAt: 2000, error: 'bad' })],
      outputs: [output('words\n', { stream: 2 }), output('WARNING: old syntax\n', { stream: 2 })],
    });
  });
});

describe('the steps of a build', () => {
  const follow = () => {
    const log = eventLog();
    return { log, steps: createSteps(log.take) };
  };

  test('start once and finish once, however often BuildKit repeats them', () => {
    const { log, steps } = follow();
    steps.take({ vertexes: [vertex({ startedAt: null })], outputs: [] });
    steps.take({ vertexes: [vertex()], outputs: [] });
    steps.take({ vertexes: [vertex(), vertex({ completedAt: 3000, cached: true })], outputs: [] });
    steps.take({ vertexes: [vertex({ startedAt: 4000, completedAt: 5000 })], outputs: [] });
    expect(log.events).toEqual([
      { kind: 'step-started', step: '[1/1] RUN make', at: 1000 },
      { kind: 'step-finished', step: '[1/1] RUN make', at: 3000, cached: true, error: null },
    ]);
  });

  test('are distinguished by digest, not by name', () => {
    const { log, steps } = follow();
    steps.take({ vertexes: [vertex(), vertex({ digest: 'sha256:b' })], outputs: [] });
    expect(log.started()).toHaveLength(2);
  });

  test('print whole lines, the last of them before the end, even if all came in one message', () => {
    const { log, steps } = follow();
    steps.take({ vertexes: [vertex()], outputs: [output('one\ntw')] });
    steps.take({
      vertexes: [vertex({ completedAt: 3000 })],
      outputs: [output('o\nthree'), output('!', { stream: 2 })],
    });
    expect(log.lines()).toEqual(['one', 'two', 'three', '!']);
    expect(log.events.at(-1)?.kind).toBe('step-finished');
  });

  test('come in the order of time, though one message tells of an end and of the next beginning', () => {
    const { log, steps } = follow();
    steps.take({ vertexes: [vertex()], outputs: [] });
    const cached = { digest: 'sha256:b', name: '[2/2] COPY', startedAt: 3000, completedAt: 3000, cached: true };
    const exporting = { digest: 'sha256:c', name: 'exporting to image', startedAt: 3000 };
    steps.take({
      vertexes: [vertex(exporting), vertex(cached), vertex({ completedAt: 2900 })],
      outputs: [output('made\n'), output('writing\n', { vertex: 'sha256:c' })],
    });
    const texts = log.events.map((event) =>
      event.kind === 'output' ? event.line.text : `${event.kind} ${event.step}`,
    );
    expect(texts).toEqual([
      'step-started [1/1] RUN make',
      'made',
      'step-finished [1/1] RUN make',
      'step-started [2/2] COPY',
      'step-finished [2/2] COPY',
      'step-started exporting to image',
      'writing',
    ]);
  });

  test('print their output once, even if one message repeats their end', () => {
    const { log, steps } = follow();
    const ended = vertex({ completedAt: 3000 });
    steps.take({ vertexes: [ended, { ...ended, cached: true }], outputs: [output('made\n')] });
    expect(log.lines()).toEqual(['made']);
    expect(log.finished()).toHaveLength(1);
  });

  test('that broke are distinguished from those that were stopped because of it', () => {
    const { steps } = follow();
    const canceled = vertex({ digest: 'sha256:b', name: 'other', completedAt: 2, error: 'context canceled' });
    const broken = vertex({ completedAt: 2, error: 'exit code: 2' });
    steps.take({ vertexes: [canceled, broken], outputs: [output('1\n2\n3\n4\n\n5\n6\n')] });
    expect(steps.failed('failed to solve: exit code: 2')).toEqual({
      name: '[1/1] RUN make',
      error: 'exit code: 2',
      lastLines: ['2', '3', '4', '5', '6'],
    });
  });

  test('never show what is masked, whether printed, in their names or in why they broke', () => {
    const log = eventLog();
    const secrets = { token: new Secret('open-sesame'), key: new Secret('BEGIN-KEY\r\n  second-line\nshort\n') };
    const steps = createSteps(log.take, maskOf(secrets));
    const broken = vertex({ name: 'RUN x open-sesame', completedAt: 2, error: 'exit code: 2: open-sesame' });
    const printed = 'a open-ses|ame b|open-sesame\nBEGIN-KEY\r\nsecond-line short\n';
    steps.take({ vertexes: [broken], outputs: printed.split('|').map((piece) => output(piece)) });
    expect(log.lines()).toEqual(['a *** b***', '***', '*** short']);
    expect(steps.failed('exit code: 2: ***')).toEqual({
      name: 'RUN x ***',
      error: 'exit code: 2: ***',
      lastLines: log.lines(),
    });
    expect(JSON.stringify(log.events)).not.toMatch(/sesame|KEY|second-line/);
  });

  test('that look for layers to take over break nothing, and say so', () => {
    const { log, steps } = follow();
    const name = 'importing cache manifest from h/app:main';
    steps.take({ vertexes: [vertex({ name, completedAt: 2, error: 'not found' })], outputs: [] });
    expect(log.lines()).toEqual(['Cannot use the cached layers of h/app:main: not found']);
    expect(log.events.at(-1)).toMatchObject({ kind: 'step-finished', error: null });
    expect(steps.failed('failed to solve: not found')).toBeNull();
  });

  test('do not include a broken one if none broke', () => {
    expect(follow().steps.failed('file with no instructions')).toBeNull();
  });
});

describe('lines of output', () => {
  test.each([
    ['pieces are put together', ['a', 'b\nc', '\n'], ['ab', 'c']],
    ['a line without an end comes at the end', ['a\nb'], ['a', 'b']],
    ['carriage returns before a line feed are dropped', ['a\r\nb\r\r\n'], ['a', 'b']],
    ['of a progress bar the last state is kept', ['10%\r50%\r100%\n'], ['100%']],
    ['empty lines are kept', ['a\n\nb\n'], ['a', '', 'b']],
  ])('%s', (_, pieces, lines) => {
    const buffer = createLineBuffer();
    expect([...pieces.flatMap((piece) => buffer.take(Buffer.from(piece))), ...buffer.end()]).toEqual(lines);
  });

  test('characters that are split between pieces are put together', () => {
    const bytes = Buffer.from('ü€😀\n');
    const buffer = createLineBuffer();
    expect([...bytes].flatMap((byte) => buffer.take(Buffer.from([byte])))).toEqual(['ü€😀']);
  });

  test('a line that never ends is cut rather than kept', () => {
    const buffer = createLineBuffer();
    expect(buffer.take(Buffer.alloc(100_000, 'x'))).toHaveLength(1);
    expect(buffer.end()).toEqual([]);
  });
});
