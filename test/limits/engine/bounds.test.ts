/** What is held of the engine's answers is bounded, however much it sends. */
import { Readable } from 'node:stream';
import { errorMessage, jsonLines, readObject } from '../../../src/docker/answer.js';
import { bounded } from '../../../src/engine/messages/fault-words.js';
import { buildFault } from '../../../src/engine/messages/faults.js';
import { readStatus } from '../../../src/engine/messages/status.js';
import { createSteps } from '../../../src/engine/messages/steps.js';
import { followPush } from '../../../src/engine/docker/transfer.js';
import { writeMessage } from '../../../src/engine/bytes/wire.js';
import { eventLog } from '../../support/engine.js';
import { failureOf } from '../../support/failure-of.js';

const kibibyte = 1024;
const mebibyte = kibibyte * kibibyte;
const engineError = expect.objectContaining({ code: 'engine-error' });

/** A body without an end; `sent` counts bytes. */
function endless(piece: (round: number) => string) {
  const counted = { sent: 0 };
  async function* pieces() {
    for (let round = 0; ; round += 1) {
      const bytes = Buffer.from(piece(round));
      counted.sent += bytes.length;
      yield bytes;
    }
  }
  return { counted, body: Readable.from(pieces(), { objectMode: false }) };
}

describe('an answer without an end', () => {
  test('to a short question is given up after 16 MiB', async () => {
    const { counted, body } = endless(() => 'x'.repeat(64 * kibibyte));
    expect(await failureOf(readObject(body))).toEqual(engineError);
    expect(counted.sent).toBeLessThan(17 * mebibyte);
    expect(body.destroyed).toBe(true);
  });

  test('with an error status is read for 64 KiB of its message', async () => {
    const { counted, body } = endless(() => 'x'.repeat(10_000));
    expect(await errorMessage({ status: 500, body })).toBe('x'.repeat(64 * kibibyte));
    expect(counted.sent).toBeLessThan(mebibyte);
    expect(body.destroyed).toBe(true);
  });

  test('in one line is given up after 16 MiB', async () => {
    const { counted, body } = endless(() => 'x'.repeat(64 * kibibyte));
    expect(await failureOf(jsonLines(body).next())).toEqual(engineError);
    expect(counted.sent).toBeLessThan(17 * mebibyte);
    expect(body.destroyed).toBe(true);
  });

  test('about a push is passed on for a thousand lines', async () => {
    const lines: string[] = [];
    const account = (round: number) => JSON.stringify({ status: `${round} ${'x'.repeat(5000)}` });
    const text = Array.from({ length: 3000 }, (_, round) => `${account(round)}\n`).join('');
    const done = JSON.stringify({ aux: { Digest: 'sha256:1' } });
    const body = Readable.from([Buffer.from(`${text}${done}\n`)], { objectMode: false });
    await followPush('a:1', { status: 200, body }, (line) => lines.push(line));
    expect(lines).toHaveLength(1000);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(1000);
  });
});

test('lines are found whatever pieces they come in', async () => {
  const text = '{"a":"ü"}\n\n{"b":1}\n{"c":2}';
  for (const size of [1, 2, 5, 1000]) {
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const found: unknown[] = [];
    for await (const line of jsonLines(Readable.from(pieces, { objectMode: false }))) found.push(line);
    expect(found).toEqual([{ a: 'ü' }, { b: 1 }, { c: 2 }]);
  }
});

describe('a message', () => {
  test('is kept as it is up to 128 KiB, and by both its ends beyond', () => {
    const longest = 'x'.repeat(128 * kibibyte);
    expect(bounded(longest)).toBe(longest);
    expect(bounded(`a${longest}b`)).toBe(
      `a${'x'.repeat(64 * kibibyte - 1)}\n[2 characters left out]\n${'x'.repeat(64 * kibibyte - 1)}b`,
    );
  });

  test('that quotes a command of megabytes still says why it failed', () => {
    const command = 'echo x; '.repeat(500_000);
    const failed = buildFault(`process "/bin/sh -c ${command}" did not complete successfully: exit code: 3`, null);
    expect(failed).toMatchObject({ code: 'dockerfile-step-failed' });
    expect(failed.message).toBe('A step failed with exit code 3.');
    const words = `executor failed running [/bin/sh -c ${command}]: failed to create endpoint x`;
    expect(buildFault(words, null)).toMatchObject({ code: 'engine-error' });
    expect(buildFault(words, null).message).toBe('The engine broke the build off: failed to create endpoint x');
  });
});

describe('a status', () => {
  test('of more than a hundred thousand fields is refused, at whatever depth', () => {
    const fields = (count: number): Buffer => Buffer.alloc(2 * count, Buffer.from([8, 1]));
    expect(readStatus(fields(100_000)).vertexes).toEqual([]);
    expect(() => readStatus(fields(100_001))).toThrow(engineError);
    const vertexes = Array.from({ length: 2 }, () => [1, fields(60_000)] as const);
    expect(() => readStatus(writeMessage(vertexes))).toThrow(engineError);
  });

  test('gives the first fifty thousand lines of what steps print', () => {
    const printed = (count: number): readonly [3, Buffer] => [3, writeMessage([[4, '\n'.repeat(count)]])];
    const { outputs } = readStatus(writeMessage([printed(40_000), printed(4_000_000), printed(10)]));
    const texts = outputs.map(({ bytes }) => bytes.toString());
    expect(texts.map((text) => text.split('\n').length)).toEqual([40_001, 10_003, 3]);
    expect(texts[1]).toMatch(/^\n+\[more lines were left out\]\n$/);
  });

  test('of more than a hundred thousand entries is refused', () => {
    const message = (field: number, count: number) => {
      const entry = Buffer.from(writeMessage([[field, '']]));
      return Buffer.alloc(count * entry.length, entry);
    };
    expect(readStatus(message(1, 100_000)).vertexes).toHaveLength(100_000);
    for (const field of [1, 3, 4]) expect(() => readStatus(message(field, 100_001))).toThrow(engineError);
  });
});

describe('the steps of a build', () => {
  const vertex = (at: number, changes = {}) => ({
    digest: `sha256:${at}`,
    name: `step ${at}`,
    cached: false,
    startedAt: 1,
    completedAt: null,
    error: '',
    ...changes,
  });
  const output = (at: number, text: string, stream = 1) => ({
    vertex: `sha256:${at}`,
    stream,
    bytes: Buffer.from(text),
  });
  const length = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length, 0);

  test('are at most fifty thousand', () => {
    const steps = createSteps(() => undefined);
    const vertexes = Array.from({ length: 50_000 }, (_, at) => vertex(at));
    steps.take({ vertexes, outputs: [] });
    steps.take({ vertexes, outputs: [] });
    expect(() => steps.take({ vertexes: [vertex(50_000)], outputs: [] })).toThrow(engineError);
  });

  test('keep four mebibytes of lines without an end, however many print at a time', () => {
    const log = eventLog();
    const steps = createSteps(log.take);
    const all = Array.from({ length: 400 }, (_, at) => at);
    steps.take({ vertexes: all.map((at) => vertex(at)), outputs: [] });
    for (const at of all) steps.take({ vertexes: [], outputs: [output(at, 'x'.repeat(60_000))] });
    expect(length(log.lines())).toBeGreaterThanOrEqual(400 * 60_000 - 4 * mebibyte);
    steps.take({ vertexes: all.map((at) => vertex(at, { completedAt: 2 })), outputs: [] });
    expect(length(log.lines())).toBe(400 * 60_000);
  });

  test('have two streams each, whatever numbers the engine gives them', () => {
    const log = eventLog();
    const steps = createSteps(log.take);
    steps.take({ vertexes: [vertex(1)], outputs: [] });
    for (let stream = 0; stream < 100; stream += 1) steps.take({ vertexes: [], outputs: [output(1, 'x', stream)] });
    steps.take({ vertexes: [vertex(1, { completedAt: 2 })], outputs: [] });
    expect(log.lines()).toEqual(['x'.repeat(99), 'x']);
  });

  test('keep names, last lines and errors shortened, and no lines of steps that ended well', () => {
    const log = eventLog();
    const steps = createSteps(log.take);
    const long = 'x'.repeat(100_000);
    const broken = { name: long, error: `${long}: exit code: 1` };
    steps.take({ vertexes: [vertex(1, { name: long })], outputs: [output(1, `${long}\n`.repeat(10))] });
    steps.take({ vertexes: [vertex(1, { ...broken, completedAt: 2 })], outputs: [] });
    const failed = steps.failed(`failed to solve: ${broken.error}`);
    expect(failed?.name).toBe(`${'x'.repeat(4096)}…`);
    expect(failed?.lastLines).toEqual(Array.from({ length: 5 }, () => `${'x'.repeat(4096)}…`));
    expect(failed?.error).toBe(broken.error.slice(-200));
    expect(log.lines()).toEqual(Array.from({ length: 10 }, () => long));
    expect(log.events.at(-1)).toMatchObject({ error: broken.error });
  });

  test('that break are distinguished by the end of their words', () => {
    const steps = createSteps(() => undefined);
    const long = 'echo x; '.repeat(10_000);
    const words = (end: string) => `process "/bin/sh -c ${long}" did not complete successfully: ${end}`;
    const ended = { completedAt: 2 };
    steps.take({
      vertexes: [
        vertex(1, { ...ended, error: words('context canceled') }),
        vertex(2, { ...ended, error: words('exit code: 1') }),
        vertex(3, { ...ended, error: words('exit code: 2') }),
      ],
      outputs: [],
    });
    expect(steps.failed(`failed to solve: ${words('exit code: 2')}`)?.name).toBe('step 3');
    expect(steps.failed('something else')?.name).toBe('step 2');
  });
});
