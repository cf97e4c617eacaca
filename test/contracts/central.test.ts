import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mirror, Tree } from '../../src/git/contract.js';
import { createFolderCentral, createGitCentral } from '../../src/image/packaging/central.js';
import { centralContract, type CentralHarness } from './central.js';
import { createMemoryTree, type MemoryFile } from '../support/memory-tree.js';
import { writeMemoryFile } from '../support/write-memory-file.js';

type Files = Readonly<Record<string, MemoryFile>>;

async function writeFolder(folder: string, files: Files): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  for (const [path, file] of Object.entries(files)) await writeMemoryFile(join(folder, path), file);
}

const emptyFolder = () => mkdtemp(join(tmpdir(), 'slipway-central-'));

async function folderHarness(): Promise<CentralHarness> {
  const folder = await emptyFolder();
  return {
    central: createFolderCentral(folder, false),
    write: (files) => writeFolder(folder, files),
    close: () => rm(folder, { recursive: true }),
  };
}

/** A mirror with a branch whose tip is the newest of the commits that were written. */
function memoryMirror(branch: string) {
  const commits: Record<string, Files> = {};
  const fetched: string[] = [];
  const tip = () => `commit-${Object.keys(commits).length}`;
  const refs = async () => ({
    defaultBranch: branch,
    heads: new Map([[branch, tip()]]),
    tags: new Map<string, string>(),
    tagIds: new Map<string, string>(),
  });
  const unused = () => Promise.reject(new Error('not asked by central dockerfiles'));
  const mirror: Mirror = {
    remote: { refs, shown: () => null, fetch: async (wanted) => void fetched.push(...wanted) },
    history: {
      has: unused,
      typeOf: unused,
      resolve: unused,
      info: unused,
      count: unused,
      between: unused,
      nearest: unused,
      mergeBase: unused,
      changedPaths: unused,
    },
    get tree() {
      return createMemoryTree(
        Object.fromEntries(Object.entries(commits).filter(([commit]) => fetched.includes(commit))),
      );
    },
  };
  const write = async (files: Files) => {
    commits[`commit-${Object.keys(commits).length + 1}`] = files;
  };
  return { mirror, write, tip };
}

async function gitHarness(): Promise<CentralHarness> {
  const { mirror, write } = memoryMirror('master');
  return { central: createGitCentral(mirror, null), write, close: async () => undefined };
}

centralContract('a local folder', folderHarness);
centralContract('a git repository', gitHarness);

describe('central dockerfiles in a git repository', () => {
  test('are at the tip of their branch, and say which commit that is', async () => {
    const { mirror, write, tip } = memoryMirror('packaging');
    await write({ 'app/Dockerfile': 'FROM a' });
    const tree = await createGitCentral(mirror, 'packaging').current();
    expect(tree.commit).toBe(tip());
    expect(await tree.files('app')).toHaveLength(1);
  });

  test('are measured before any of them is read', async () => {
    const { mirror, write } = memoryMirror('main');
    await write({ 'app/Dockerfile': 'FROM a\n'.padEnd(2_000_000), 'app/large': Buffer.alloc(65 * 1024 * 1024) });
    const opened: string[] = [];
    const watched: Mirror = {
      ...mirror,
      get tree(): Tree {
        const { tree } = mirror;
        const blobs = (ids: readonly string[]) => {
          opened.push(...ids);
          return tree.blobs(ids);
        };
        return { ...tree, blobs };
      },
    };
    const central = await createGitCentral(watched, null).current();
    await expect(central.files('app')).rejects.toMatchObject({
      message: 'The central folder app holds 70,157,440 bytes; the limit is 67,108,864.',
    });
    expect((await central.outlines(['app'])).get('app')?.dockerfile).toBeNull();
    expect(opened).toEqual([]);
  });

  test('cannot be had from a branch that does not exist', async () => {
    const { mirror } = memoryMirror('main');
    await expect(createGitCentral(mirror, 'gone').current()).rejects.toMatchObject({ code: 'unknown-revision' });
  });
});

describe('central dockerfiles in a local folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await emptyFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('have no commit', async () => {
    expect((await createFolderCentral(folder, false).current()).commit).toBeNull();
  });

  test('are empty where the default folder is missing, and a fault where a named one is', async () => {
    const missing = join(folder, 'missing');
    expect(await (await createFolderCentral(missing, true).current()).files('app')).toEqual([]);
    await expect(createFolderCentral(missing, false).current()).rejects.toMatchObject({
      code: 'dockerfiles-unavailable',
    });
  });

  test('may alias a folder inside, but never lead out', async () => {
    await writeFolder(folder, {
      'real/Dockerfile': 'FROM a',
      alias: { link: 'real' },
      out: { link: '..' },
      root: { link: '.' },
    });
    const tree = await createFolderCentral(folder, false).current();
    expect((await tree.files('alias')).map(({ path }) => path)).toEqual(['Dockerfile']);
    await expect(tree.files('out')).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(tree.files('root')).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  test("leave git's own files out, and what is neither file nor link", async () => {
    await writeFolder(folder, { 'app/Dockerfile': 'FROM a', 'app/.git/config': 'x', 'app/sub/.git': 'y' });
    const [only, ...more] = await (await createFolderCentral(folder, false).current()).files('app');
    expect([only?.path, more.length]).toEqual(['Dockerfile', 0]);
  });

  test('are read whole while files come and go', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`app/f${index}`, 'x'.repeat(index)]));
    await writeFolder(folder, { 'app/Dockerfile': 'FROM a', ...many });
    let going = true;
    const churn = (async () => {
      for (let round = 0; round < 30; round += 1) {
        await rename(join(folder, 'app/f199'), join(folder, 'app/gone'));
        await rename(join(folder, 'app/gone'), join(folder, 'app/f199'));
      }
      going = false;
    })();
    const central = createFolderCentral(folder, false);
    while (going) expect((await (await central.current()).files('app')).length).toBeGreaterThanOrEqual(200);
    await churn;
  });

  test('keep the executable bit of their owner alone', async () => {
    await writeFolder(folder, { 'app/x': '' });
    await chmod(join(folder, 'app/x'), 0o611);
    expect((await (await createFolderCentral(folder, false).current()).files('app'))[0]?.mode).toBe('100644');
  });
});
