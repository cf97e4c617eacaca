import { useGitHost } from './surroundings.js';

const on = useGitHost();

test('references asked for a moment ago are not asked for again by who says that they will do', async () => {
  let now = 1_000;
  const { remote } = on.create({ clock: { now: () => now, sleep: () => Promise.resolve() } }).mirror('abc/app');
  const first = await on.repo.commit({ files: { a: '1' } });
  await remote.refs();
  const second = await on.repo.commit({ files: { a: '2' } });
  now += 999;
  expect((await remote.refs(1_000)).heads.get('main')).toBe(first);
  now += 1;
  expect((await remote.refs(1_000)).heads.get('main')).toBe(second);
  // The clock was set back: nobody knows how old that answer is.
  const third = await on.repo.commit({ files: { a: '3' } });
  now -= 5_000;
  expect((await remote.refs(1_000)).heads.get('main')).toBe(third);
});

test('a failed answer is no answer for anybody else', async () => {
  const { remote } = on.create().mirror('abc/app');
  on.host.server.fail(503);
  await expect(remote.refs()).rejects.toMatchObject({ code: 'git-unavailable' });
  on.host.server.fail(null);
  expect((await remote.refs(3_600_000)).heads.size).toBe(0);
});
