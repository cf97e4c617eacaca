import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHost } from '../../src/git/contract.js';
import { startTestGitHost, type TestGitHost } from '../support/git.js';
import { historyFacts } from './git-history.js';
import { remoteFacts } from './git-remote.js';
import { absent, type GitStage } from './git-stage.js';
import { treeFacts } from './git-tree.js';

/** What every GitHost does, over whatever transport; `create` makes one for the test host with an empty folder. */
export function gitHostContract(transport: string, create: (host: TestGitHost, dir: string) => GitHost): void {
  describe(`a git host over ${transport}`, () => {
    const at = {} as GitStage;
    let host: TestGitHost;
    let dir: string;
    let number = 0;

    beforeAll(async () => {
      host = await startTestGitHost();
      dir = await mkdtemp(join(tmpdir(), 'slipway-mirrors-'));
      at.git = create(host, dir);
      await at.git.prepare();
    });
    beforeEach(async () => {
      number += 1;
      at.repo = await host.repo(`abc/app-${number}`);
      at.mirror = at.git.mirror(at.repo.name);
    });
    afterAll(async () => {
      await host.close();
      await rm(dir, { recursive: true, force: true });
    });

    test('gives the same mirror for the same name', () => {
      expect(at.git.mirror(at.repo.name)).toBe(at.mirror);
    });

    test('refuses names that are not owner/name', () => {
      for (const name of [
        'app',
        '../abc/app',
        'abc/..',
        'abc/.',
        '/etc/app',
        'abc/app/x',
        '--upload-pack=x/y',
        '.tmp/x',
        'a b/c',
        '',
      ]) {
        expect(() => at.git.mirror(name)).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
      }
    });

    test('says git-unauthorized of a repository that does not exist', async () => {
      const unknown = at.git.mirror('abc/unknown');
      await expect(unknown.remote.refs()).rejects.toMatchObject({ code: 'git-unauthorized' });
      await expect(unknown.remote.fetch([absent])).rejects.toMatchObject({ code: 'git-unauthorized' });
      expect(await unknown.history.has(absent)).toBe(false);
    });

    remoteFacts(at);
    historyFacts(at);
    treeFacts(at);
  });
}
