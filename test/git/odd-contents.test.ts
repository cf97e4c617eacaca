import { createHash } from 'node:crypto';
import { git } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();

test('names that are not UTF-8 neither collide nor get lost', async () => {
  const blob = (await git(on.repo.dir, ['hash-object', '-w', '--stdin'], { input: 'x' })).toString().trim();
  const row = (name: Buffer) => Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), name, Buffer.from([0])]);
  const input = Buffer.concat([row(Buffer.from([0x61, 0xff])), row(Buffer.from([0x61, 0xfe])), row(Buffer.from('ä'))]);
  const tree = (await git(on.repo.dir, ['mktree', '-z'], { input })).toString().trim();
  const sha = (await git(on.repo.dir, ['commit-tree', tree, '-m', 'x'])).toString().trim();
  await on.repo.branch('main', sha);
  const mirror = on.create().mirror('abc/app');
  await mirror.remote.fetch([sha]);
  expect([...(await mirror.tree.list(sha, ''))].map(({ path }) => path)).toEqual(['a\udcfe', 'a\udcff', 'ä']);
  const empty = await on.repo.commit({ files: { ä: null }, branch: 'other', parents: [sha] });
  await mirror.remote.fetch([empty]);
  expect(await mirror.history.changedPaths(sha, empty)).toEqual(['ä']);
});

test('a large file passes through in pieces', async () => {
  const size = 48 * 1024 * 1024;
  const input = Buffer.alloc(size);
  const sha = await on.repo.commit({ files: { large: input, small: 'end' } });
  const mirror = on.create().mirror('abc/app');
  await mirror.remote.fetch([sha]);
  const ids = [...(await mirror.tree.list(sha, ''))].map(({ blob }) => blob);
  const before = process.memoryUsage.rss();
  let seen = 0;
  let most = 0;
  for await (const content of mirror.tree.blobs(ids)) {
    const hash = createHash('sha1').update(`blob ${content.size}\0`);
    for await (const chunk of content.chunks) {
      seen += chunk.length;
      hash.update(chunk);
      most = Math.max(most, process.memoryUsage.rss());
    }
    expect(hash.digest('hex')).toBe(content.blob);
  }
  expect(seen).toBe(size + 3);
  expect(most - before).toBeLessThan(40 * 1024 * 1024);
});
