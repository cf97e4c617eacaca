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

test('what a fetch has learned is not asked for again, tags and what became of branches included', async () => {
  const { remote } = on.create().mirror('abc/app');
  const first = await on.repo.commit({ files: { a: '1' } });
  await on.repo.branch('gone', first);
  await remote.refs();
  await remote.fetch([first]);
  const second = await on.repo.commit({ files: { a: '2' } });
  await on.repo.tag('light', first);
  await on.repo.tag('v1', second, 'Annotated');
  await on.repo.branch('ünï cödé'.replace(' ', '-'), second);
  await on.repo.deleteBranch('gone');
  await remote.fetch([second]);
  const asked = on.host.server.requests.length;
  const refs = await remote.refs(3_600_000);
  expect(on.host.server.requests).toHaveLength(asked);
  expect(refs).toEqual(await on.create().mirror('abc/app').remote.refs());
});

test('a tag of a tag is asked for, for only the host says what is behind it', async () => {
  const { remote } = on.create().mirror('abc/app');
  await remote.refs();
  const sha = await on.repo.commit({ files: { a: '1' } });
  await on.repo.tag('inner', sha, 'Inner');
  await on.repo.git('tag', '--message=Outer', 'outer', 'refs/tags/inner');
  await remote.refs();
  await remote.fetch([sha]);
  expect(await remote.refs(3_600_000)).toEqual(await on.create().mirror('abc/app').remote.refs());
});
