import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, startTestGitHost, type TestGitHost } from '../support/git.js';

describe('the git host that tests use', () => {
  let host: TestGitHost;
  let dir: string;
  beforeAll(async () => {
    host = await startTestGitHost();
    dir = await mkdtemp(join(tmpdir(), 'slipway-clone-'));
  });
  afterAll(async () => {
    await host.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('is cloned from and pushed to like any other', async () => {
    const repo = await host.repo('abc/app');
    const first = await repo.commit({
      files: { 'a "b"\n.txt': 'one', 'bin/run': { mode: '100755', content: '#!/bin/sh' } },
    });
    const second = await repo.commit({
      files: { 'a "b"\n.txt': null, link: { mode: '120000', content: 'bin/run' } },
      message: 'Two',
    });
    await repo.tag('v1', first, 'Version one');
    await git(dir, ['clone', '--quiet', `${host.server.url}/abc/app.git`, 'app']);
    const clone = join(dir, 'app');
    expect((await git(clone, ['rev-parse', 'HEAD', 'HEAD^', 'v1^{commit}'])).toString().trim().split('\n')).toEqual([
      second,
      first,
      first,
    ]);
    expect((await git(clone, ['ls-files'])).toString()).toBe('bin/run\nlink\n');
    await git(clone, ['commit', '--quiet', '--allow-empty', '-m', 'Three']);
    await git(clone, ['push', '--quiet', 'origin', 'HEAD:refs/heads/other']);
    expect(await repo.tip('other')).toBe((await git(clone, ['rev-parse', 'HEAD'])).toString().trim());
    expect(await repo.tip('oth')).toBeNull();
  });

  test('says what was asked of it and can play dead', async () => {
    await host.repo('abc/dead');
    host.server.fail(503);
    await expect(git(dir, ['ls-remote', `${host.server.url}/abc/dead.git`])).rejects.toThrow('503');
    host.server.fail('refuse');
    await expect(git(dir, ['ls-remote', `${host.server.url}/abc/dead.git`])).rejects.toThrow('unable to access');
    host.server.fail(null);
    host.server.requests.length = 0;
    await git(dir, ['ls-remote', `${host.server.url}/abc/dead.git`]);
    expect(host.server.requests[0]).toMatchObject({
      method: 'GET',
      url: '/abc/dead.git/info/refs?service=git-upload-pack',
    });
  });
});
