import { nextChunks, unmarked } from '../../../src/store/log-chunk.js';

const append = (last: Parameters<typeof nextChunks>[0], text: string, limit: number) =>
  nextChunks(last, [{ text, mark: unmarked }], limit).map(({ columns }) => columns);

test('a log that holds more than a lower limit keeps what it has, and drops the rest with one line', () => {
  const [first] = append(undefined, 'a hundred and more\n'.repeat(6), 200);
  const full = append(first, 'more\n', 50);
  expect(full).toMatchObject([
    {
      ...{ number: 1, is_full: 1, bytes: first?.bytes },
      text: 'The log has reached its limit of 50 bytes (limits.log); the rest was dropped.\n',
    },
  ]);
  expect(append(full[0], 'more\n', 50)).toEqual([]);
});
