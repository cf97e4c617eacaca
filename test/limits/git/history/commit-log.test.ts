import { parseLogs } from '../../../../src/git/history/commit-log.js';

const row = (message: string) => Buffer.from(`${'a'.repeat(40)}\0aaaaaaa\x005\0${message}\0`);

test('commits of a log have their messages', () => {
  const logs = parseLogs();
  expect(logs.take(Buffer.concat([row('one\n\ntwo'), row('')]))).toBe(true);
  const info = { sha: 'a'.repeat(40), short: 'aaaaaaa', time: 5 };
  expect(logs.commits()).toEqual([
    { ...info, message: 'one\n\ntwo' },
    { ...info, message: '' },
  ]);
});

test('a long message has its beginning, of whole characters', () => {
  const logs = parseLogs();
  logs.take(row('é'.repeat(32_768)));
  logs.take(row(`x${'é'.repeat(32_768)}`));
  logs.take(row('next'));
  expect(logs.commits().map(({ message }) => message)).toEqual(['é'.repeat(32_768), `x${'é'.repeat(32_767)}`, 'next']);
});

test.each([
  ['there are more than a hundred thousand', '', 100_000],
  ['their messages are more than some megabytes', 'm'.repeat(60_000), 139],
])('commits are cut where %s', (_, message, most) => {
  const logs = parseLogs();
  let rows = 1;
  while (logs.take(row(message))) rows += 1;
  expect(rows).toBe(most + 1);
  expect(logs.take(row(message))).toBe(false);
  expect(logs.commits()).toHaveLength(most);
  expect(logs.commits().isCut).toBe(true);
});
