/** Reads a real bare repository into one in memory, so that both kinds of host can be held to the same facts. */
import { join } from 'node:path';
import { git } from './git.js';
import { MemoryRepository, type MemoryCommit, type MemoryFile } from './memory-git.js';

const lines = (output: Buffer): string[] => output.toString().split('\n').slice(0, -1);

/** Adds what the repository has now; commits that it had before stay with those who fetched them. */
export async function importRepository(root: string, name: string): Promise<MemoryRepository | null> {
  const dir = join(root, `${name}.git`);
  const listed = await git(dir, ['cat-file', '--batch-all-objects', '--batch-check']).catch(() => null);
  if (listed === null) return null;
  const repository = new MemoryRepository();
  const commits = lines(listed).filter((line) => line.includes(' commit '));
  for (const line of commits) {
    const commit = await readCommit(dir, line.slice(0, 40));
    repository.commits.set(commit.sha, commit);
  }
  await importReferences(dir, repository);
  return repository;
}

async function importReferences(dir: string, repository: MemoryRepository): Promise<void> {
  const format = '%(refname)%00%(objectname)%00%(*objectname)';
  for (const line of lines(await git(dir, ['for-each-ref', `--format=${format}`]))) {
    const [ref = '', sha = '', peeled] = line.split('\0');
    if (ref.startsWith('refs/heads/')) repository.heads.set(ref.slice('refs/heads/'.length), sha);
    if (!ref.startsWith('refs/tags/')) continue;
    const name = ref.slice('refs/tags/'.length);
    repository.tags.set(name, peeled || sha);
    if (peeled) repository.tagObjects.set(name, sha);
  }
  const [head = ''] = lines(await git(dir, ['symbolic-ref', 'HEAD']));
  repository.defaultBranch = head.slice('refs/heads/'.length);
}

async function readCommit(dir: string, sha: string): Promise<MemoryCommit> {
  const raw = (await git(dir, ['cat-file', 'commit', sha])).toString();
  const end = raw.indexOf('\n\n');
  const header = raw.slice(0, end).split('\n');
  const parents = header.filter((line) => line.startsWith('parent ')).map((line) => line.slice('parent '.length));
  const committer = header.find((line) => line.startsWith('committer ')) ?? '';
  const [, time = '0'] = /> (\d+) /.exec(committer) ?? [];
  return { sha, parents, time: Number(time), message: raw.slice(end + 2), files: await readFiles(dir, sha) };
}

async function readFiles(dir: string, sha: string): Promise<ReadonlyMap<string, MemoryFile>> {
  const rows = (await git(dir, ['ls-tree', '-r', '-z', '--full-tree', sha])).toString().split('\0').slice(0, -1);
  const found = rows.map((row) => {
    const [, mode = '', blob = '', path = ''] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(row) ?? [];
    return { mode: mode as MemoryFile['mode'], blob, path };
  });
  const wanted = found.filter(({ mode }) => mode !== '160000').map(({ blob }) => blob);
  const contents = await readBlobs(dir, wanted);
  return new Map(
    found.map(({ path, mode, blob }) => [path, { mode, blob, content: contents.get(blob) ?? Buffer.alloc(0) }]),
  );
}

async function readBlobs(dir: string, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const output = await git(dir, ['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') });
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(10, start);
    const [id = '', , size = '0'] = output.toString('latin1', start, end).split(' ');
    contents.set(id, output.subarray(end + 1, end + 1 + Number(size)));
    start = end + 2 + Number(size);
  }
  return contents;
}
