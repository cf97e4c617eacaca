/** Repositories that no mirror can have: the end is clear, and names the host. */
import { rm } from 'node:fs/promises';
import { git } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();
const unsupported = { code: 'repository-unsupported', retryable: false, blame: 'source' };

describe.each([[true], [false]])('with the shortcut: %s', (shortcut) => {
  test('a repository that is shallow at the host', async () => {
    for (const a of ['1', '2', '3']) await on.repo.commit({ files: { a } });
    const tip = await on.repo.git('rev-parse', 'main');
    const shallow = `${on.host.server.root}/abc/shallow.git`;
    await git(on.dir, ['clone', '--quiet', '--bare', '--depth', '2', `file://${on.repo.dir}`, shallow]);
    const { remote } = on.create({ shortcut }).mirror('abc/shallow');
    const error = await remote.fetch([tip]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...unsupported, message: expect.stringContaining('shallow at the git host') });
    expect(on.lines.filter((line) => line.includes('will be rebuilt'))).toEqual([]);
  });

  test('a repository that becomes shallow at the host', async () => {
    const first = await on.repo.commit({ files: { a: '1' } });
    const { remote, history } = on.create({ shortcut }).mirror('abc/app');
    await remote.fetch([first]);
    for (const a of ['2', '3', '4']) await on.repo.commit({ files: { a } });
    const whole = `${on.repo.dir}.whole`;
    await git(on.dir, ['clone', '--quiet', '--bare', on.repo.dir, whole]);
    await rm(on.repo.dir, { recursive: true });
    await git(on.dir, ['clone', '--quiet', '--bare', '--depth', '1', `file://${whole}`, on.repo.dir]);
    const tip = await on.repo.git('rev-parse', 'main');
    await expect(remote.fetch([tip])).rejects.toMatchObject(unsupported);
    expect(await history.count(first)).toBe(1);
    expect(on.lines.filter((line) => line.includes('will be rebuilt'))).toEqual([]);
  });

  test('a repository with SHA-256 ids', async () => {
    const folder = `${on.host.server.root}/abc/s256.git`;
    await git(on.dir, ['init', '--quiet', '--bare', '--object-format=sha256', '--initial-branch=main', folder]);
    const tree = (await git(folder, ['mktree'], { input: '' })).toString().trim();
    const sha = (await git(folder, ['commit-tree', '-m', 'x', tree])).toString().trim();
    await git(folder, ['update-ref', 'refs/heads/main', sha]);
    const { remote } = on.create({ shortcut }).mirror('abc/s256');
    expect((await remote.refs()).heads.get('main')).toBe(sha);
    const error = await remote.fetch([sha]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...unsupported, message: expect.stringContaining('SHA-256') });
  });
});
