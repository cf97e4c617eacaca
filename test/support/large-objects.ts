/** Objects of a size or a number that nobody writes by hand, each a few kilobytes in a push. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TestRepo } from './git.js';

const piece = 1024 * 1024;

/** Stores an object with that beginning and that many further bytes, all alike; resolves with its id. */
export async function writeLarge(
  repo: TestRepo,
  { type = 'blob', begins = '', fill = 0, bytes }: { type?: string; begins?: string; fill?: number; bytes: number },
): Promise<string> {
  return hashObject(repo, type, begins, Buffer.alloc(piece, fill), bytes);
}

async function hashObject(repo: TestRepo, type: string, begins: string, part: Buffer, bytes: number) {
  function* content() {
    if (begins !== '') yield Buffer.from(begins);
    for (let left = bytes; left > 0; left -= part.length) yield part.subarray(0, left);
  }
  return feed(repo, ['-c', 'core.looseCompression=1', 'hash-object', '-t', type, '-w', '--stdin'], content());
}

/** Stores a tree of rows as `git mktree` reads them, ended by a NUL each; its objects need not exist. */
export const writeTree = (repo: TestRepo, rows: Iterable<string>): Promise<string> =>
  feed(repo, ['mktree', '-z', '--missing'], rows);

/** A commit of a tree by that id, without parents. */
export async function commitOf(repo: TestRepo, tree: string, parents: readonly string[] = []): Promise<string> {
  return repo.git('commit-tree', tree, '-m', 'Large', ...parents.flatMap((parent) => ['-p', parent]));
}

async function feed(repo: TestRepo, args: readonly string[], input: Iterable<string | Buffer>): Promise<string> {
  const identity = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'Ada' };
  const env = { PATH: process.env['PATH'], GIT_DIR: repo.dir, GIT_CONFIG_GLOBAL: '/dev/null', ...identity };
  const child = spawn('git', [...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  const closed = once(child, 'close');
  await pipeline(Readable.from(input), child.stdin);
  const [code] = await closed;
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${String(code)}`);
  return Buffer.concat(printed).toString().trim();
}
