import { findLines, firstFault, LogModel, overwritten, rangeOf } from '../../../ui/src/log/model.js';

const chunk = (number: number, step: number | null, text: string) => ({
  number,
  at: '2026-01-02T03:04:05.000Z',
  step,
  text,
});

test('lines of steps that ran at the same time stand together, with the numbers of the whole log', () => {
  const model = new LogModel();
  model.add(chunk(0, null, 'begin\n'));
  model.add(chunk(1, 0, 'a1\n'));
  model.add(chunk(2, 1, 'b1\nb2\n'));
  model.add(chunk(3, 0, 'a2\n'));
  model.add(chunk(4, null, 'end\n'));
  expect(model.sections.map(({ step, lines }) => [step, lines])).toEqual([
    [null, [1]],
    [0, [2, 5]],
    [1, [3, 4]],
    [null, [6]],
  ]);
  expect(model.line(5)).toBe('a2');
  expect(model.sectionOf(4)?.step).toBe(1);
  expect(model.timeOf(1)).toBe(Date.parse('2026-01-02T03:04:05.000Z'));
});

test('a chunk that comes again after a lost connection adds nothing', () => {
  const model = new LogModel();
  expect(model.add(chunk(0, 0, 'a\nb\n'))).toEqual([1, 2]);
  expect(model.add(chunk(0, 0, 'a\nb\n'))).toEqual([]);
  expect(model.add(chunk(1, 0, 'c\n'))).toEqual([3]);
  expect(model.next).toBe(2);
});

test('lines at the beginning are forgotten, and the others keep their numbers', () => {
  const model = new LogModel();
  model.add(chunk(0, 0, 'a\nb\nc\n'));
  model.add(chunk(1, 1, 'd\n'));
  model.forget(2);
  expect([model.forgotten, model.length, model.lines]).toEqual([2, 4, ['c', 'd']]);
  expect([model.line(2), model.line(3), model.line(4)]).toEqual(['', 'c', 'd']);
  expect([model.sectionOf(2), model.sectionOf(4)?.step, model.timeOf(2)]).toEqual([undefined, 1, null]);
  expect(model.sections.map(({ lines }) => lines)).toEqual([[3], [4]]);
  expect(findLines(model, 'd', false)).toEqual({ lines: [4], hits: 1 });
  expect(model.add(chunk(2, 0, 'e\n'))).toEqual([5]);
  model.forget(9);
  expect([model.forgotten, model.length, model.sections.map(({ lines }) => lines)]).toEqual([5, 5, [[], []]]);
});

test('empty lines count, and a text without a line feed at its end is a line', () => {
  const model = new LogModel();
  model.add(chunk(0, 0, 'a\n\nb'));
  expect(model.lines).toEqual(['a', '', 'b']);
});

test.each([
  ['10 %\r50 %\r100 %', '100 %'],
  ['10 %\\u000d100 %', '100 %'],
  ['windows\r', 'windows'],
  ['windows\\u000d', 'windows'],
  ['plain', 'plain'],
  ['\r', ''],
])('what a carriage return has written over is gone: %j', (line, expected) => {
  expect(overwritten(line)).toBe(expected);
});

test('a search counts every hit, ignores case and colours, and takes signs as they are', () => {
  const model = new LogModel();
  model.add(chunk(0, 0, 'error Error\nfine\n\u001b[31mer\u001b[0mror (a.b)\naxb\n'));
  expect(findLines(model, 'error', false)).toEqual({ lines: [1, 3], hits: 3 });
  expect(findLines(model, 'a.b', false)).toEqual({ lines: [3], hits: 1 });
  expect(findLines(model, 'a.b', true)).toEqual({ lines: [3, 4], hits: 2 });
  expect(findLines(model, '(', true)).toEqual({ lines: [], hits: 0 });
  expect(findLines(model, 'x*', true)).toEqual({ lines: [], hits: 0 });
  expect(findLines(model, '', false)).toEqual({ lines: [], hits: 0 });
});

test.each([
  ['#L17', { from: 17, to: 17 }],
  ['#L17-L25', { from: 17, to: 25 }],
  ['#L25-L17', { from: 17, to: 25 }],
  ['#L', null],
  ['#step-3', null],
  ['#L1-2', null],
  ['', null],
])('lines of the address %s', (hash, range) => {
  expect(rangeOf(hash)).toEqual(range);
});

test('the first line of a step that speaks of an error, else its last', () => {
  const model = new LogModel();
  model.add(chunk(0, 0, 'error elsewhere\n'));
  model.add(chunk(1, 1, 'one\nnpm error code E\nlast\n'));
  model.add(chunk(2, 2, 'one\nlast\n'));
  expect(firstFault(model, 1)).toBe(3);
  expect(firstFault(model, 2)).toBe(6);
  expect(firstFault(model, 7)).toBeNull();
});

test('the line that the error quotes goes before one that speaks of an error', () => {
  const model = new LogModel();
  model.add(chunk(0, 0, 'verify\nan error of long ago\nhttp://a: 200 1.0.0-test (expected 1.2.0-4)\nlast\n'));
  expect(firstFault(model, 0, 'Host a: the container answers "1.0.0-test" instead of "1.2.0-4".')).toBe(3);
  expect(firstFault(model, 0, 'Host a: it is away.')).toBe(2);
});
