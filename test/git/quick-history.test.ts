/** What is answered from objects at hand is what git answers: over random histories, and over commits that git treats specially. */
import { createHash } from 'node:crypto';
import { jest } from '@jest/globals';
import { git, type FileChange } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();
jest.setTimeout(120_000);

function chances(seed: number) {
  let state = seed;
  const upTo = (most: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  return { upTo, of: <T>(list: readonly T[]): T => list[upTo(list.length)] as T };
}

const names = ['a', 'a-b', 'a.b', 'a0', 'b', 'Ö', 'a b', '"', 'z/a', 'z/y/x', 'z/y', 'z', 'sub', 'a/c', 'a/Ö/d', '🚢'];

function randomChanges(seed: number): Record<string, FileChange> {
  const { upTo, of } = chances(seed);
  const contents: FileChange[] = [
    '1',
    '2',
    { mode: '100755', content: '1' },
    { mode: '120000', content: '1' },
    { submodule: '1'.repeat(40) },
    null,
  ];
  const changes: Record<string, FileChange> = {};
  for (let left = 1 + upTo(5); left > 0; left -= 1) {
    const path = of(names);
    // What is in the way goes first.
    for (const parent of path
      .split('/')
      .slice(0, -1)
      .map((_, at, all) => all.slice(0, at + 1).join('/')))
      changes[parent] ??= null;
    changes[path] = of(contents);
  }
  return changes;
}

test('differences, files, counts and messages of random histories are those of git', async () => {
  const { repo } = on;
  const commits: string[] = [await repo.commit({ files: { a: '0', 'z/a': '0' } })];
  const { of, upTo } = chances(7);
  for (let at = 0; at < 40; at += 1) {
    const parents = upTo(6) === 0 ? [of(commits), commits.at(-1) ?? ''] : [of(commits.slice(-3))];
    const message = of(['one', 'two\n\nlines\n', '', '\n\nlate', 'Größe [skip ci]', 'trailing  \n\n\n']);
    commits.push(await repo.commit({ files: randomChanges(at), parents: [...new Set(parents)], message }));
  }
  const { remote, history, tree } = on.create().mirror('abc/app');
  await remote.fetch(commits);
  const lines = (text: string) => text.split('\0').filter((line) => line !== '');
  for (let at = 0; at < 60; at += 1) {
    const [from, to] = [of(commits), of(commits)];
    const differing = await repo.git('diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to);
    expect(await history.changedPaths(from, to)).toEqual(lines(differing));
    const between = await repo.git('rev-list', `${from}..${to}`);
    expect((await history.between(from, to)).map(({ sha }) => sha).sort()).toEqual(
      between.split('\n').filter(Boolean).sort(),
    );
    expect(await history.count(to)).toBe(Number(await repo.git('rev-list', '--count', to)));
    const listed = lines(await repo.git('ls-tree', '-r', '-z', to)).filter((row) => !row.startsWith('16'));
    const files = [...(await tree.list(to, ''))].map(({ mode, blob, path }) => `${mode} blob ${blob}\t${path}`);
    expect(files).toEqual(listed);
  }
  for (const sha of commits) {
    const [time = '', short, ...message] = (
      await repo.git('log', '-1', '--format=%ct%n%h%n%B', '--abbrev=7', sha)
    ).split('\n');
    const info = await history.info(sha);
    expect([info.time, info.short, info.message.trimEnd()]).toEqual([
      Number(time),
      short,
      message.join('\n').trimEnd(),
    ]);
  }
});

test('a message in another encoding, and a signed commit, are read as git reads them', async () => {
  const { repo } = on;
  const parent = await repo.commit({ files: { a: '1' } });
  const tree = await repo.git('rev-parse', `${parent}^{tree}`);
  const head = `tree ${tree}\nparent ${parent}\nauthor A <a@b> 5 +0000\ncommitter A <a@b> 6 -0130\n`;
  const shas: string[] = [];
  for (const rest of [
    Buffer.from('encoding ISO-8859-1\n\nGr\xf6\xdfe\n', 'latin1'),
    Buffer.from('gpgsig -----BEGIN\n \n committer B <b@b> 9 +0000\n -----END\n\nsigned\n'),
  ])
    shas.push(await write(Buffer.concat([Buffer.from(head), rest])));
  const [latin = '', signed = ''] = shas;
  await repo.branch('latin', latin);
  await repo.branch('signed', signed);
  const { remote, history } = on.create().mirror('abc/app');
  await remote.fetch([latin, signed]);
  expect(await history.info(latin)).toMatchObject({ message: 'Größe\n', time: 6 });
  expect(await history.between(parent, signed)).toMatchObject([{ message: 'signed\n', time: 6 }]);
  expect(await history.count(signed)).toBe(2);
});

test('an abbreviation that two commits share is as long as git makes it, and a branch may be called like one', async () => {
  const { repo } = on;
  const base = await repo.commit({ files: { a: '1' } });
  const tree = await repo.git('rev-parse', `${base}^{tree}`);
  const [one, other] = twoAlike(`tree ${tree}\nauthor A <a@b> 5 +0000\ncommitter A <a@b> 6 +0000\n\n`);
  const [first, second] = [await write(Buffer.from(one)), await write(Buffer.from(other))];
  expect(first.slice(0, 7)).toBe(second.slice(0, 7));
  await repo.branch('one', first);
  await repo.branch('other', second);
  await repo.branch(base.slice(0, 7), first);
  const { remote, history } = on.create().mirror('abc/app');
  await remote.fetch([base, first, second]);
  expect((await history.info(first)).short).toBe(await repo.git('rev-parse', '--short=7', first));
  expect((await history.info(second)).short.length).toBeGreaterThan(7);
  expect((await history.info(base)).short).toBe(base.slice(0, 7));
  expect(await history.count(second)).toBe(1);
});

/** Two commits whose ids begin alike. */
function twoAlike(head: string): readonly [string, string] {
  const known = new Map<string, string>();
  for (let number = 0; ; number += 1) {
    const commit = `${head}${number}\n`;
    const id = createHash('sha1').update(`commit ${commit.length}\0${commit}`).digest('hex').slice(0, 7);
    const alike = known.get(id);
    if (alike !== undefined) return [alike, commit];
    known.set(id, commit);
  }
}

const write = async (commit: Buffer): Promise<string> =>
  (await git(on.repo.dir, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input: commit })).toString().trim();
