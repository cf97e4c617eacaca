import { fetchSource } from '../../../../src/pipeline/build/source.js';
import { inlineReading } from '../../../support/reading.js';
import { createMemoryGitHost, memoryFile, MemoryRepository, type MemoryFile } from '../../../support/memory-git.js';

async function versionAt(files: Readonly<Record<string, string | MemoryFile>>, path = ''): Promise<string> {
  const repository = new MemoryRepository();
  const commit = repository.commit(files);
  const mirror = createMemoryGitHost(async () => repository).mirror('abc/app');
  const build = { repository: 'abc/app', branch: 'main', commit, version: null };
  return (await fetchSource(build, { version: null, versionPattern: null, path }, mirror, inlineReading.version))
    .version.value;
}

const link = (target: string) => memoryFile(target, '120000');

test.each<[string, Readonly<Record<string, string | MemoryFile>>, string]>([
  ['the file that a link leads to', { 's/VERSION': link('../VERSION'), VERSION: '1.2.3' }, '1.2.3'],
  ['that of a folder that is a link', { s: link('apps/s'), 'apps/s/VERSION': '1.2.3' }, '1.2.3'],
  ['the next file where a link leads nowhere', { 's/VERSION': link('x'), 's/package.json': '{"version":"4"}' }, '4'],
  ['the next file where a link leads out', { 's/VERSION': link('../../VERSION'), VERSION: '1' }, '0.0.0'],
])('a version is stated by %s', async (_, files, version) => {
  expect(await versionAt(files, 's')).toBe(version);
});

test('a file that is too large for a version gives a warning', async () => {
  const repository = new MemoryRepository();
  const commit = repository.commit({ VERSION: ' '.repeat(1_048_577), 'package.json': '{"version":"4"}' });
  const mirror = createMemoryGitHost(async () => repository).mirror('abc/app');
  const build = { repository: 'abc/app', branch: 'main', commit, version: null };
  expect(
    await fetchSource(build, { version: null, versionPattern: null, path: '' }, mirror, inlineReading.version),
  ).toMatchObject({
    version: {
      value: '4',
      from: 'package.json',
      warnings: ['VERSION states no version: it has 1,048,577 bytes; the limit is 1,048,576.'],
    },
  });
});

describe('a commit that the host does not give', () => {
  const absent = 'e'.repeat(40);
  const sourceAt = (tip: string) => {
    const mirror = createMemoryGitHost(async () => new MemoryRepository()).mirror('abc/app');
    const refs = async () => ({
      defaultBranch: 'main',
      heads: new Map([['main', tip]]),
      tags: new Map(),
      tagIds: new Map(),
    });
    const build = { repository: 'abc/app', branch: 'main', commit: absent, version: null };
    const withTip = { ...mirror, remote: { refs, shown: () => null, fetch: async () => undefined } };
    return fetchSource(build, { version: null, path: '', versionPattern: null }, withTip, inlineReading.version);
  };

  test('and names as the tip may come later', async () => {
    await expect(sourceAt(absent)).rejects.toMatchObject({ code: 'git-unavailable', retryable: true, blame: 'source' });
  });

  test('and no longer names is gone', async () => {
    await expect(sourceAt('f'.repeat(40))).rejects.toMatchObject({ code: 'commit-not-found', retryable: false });
  });
});
