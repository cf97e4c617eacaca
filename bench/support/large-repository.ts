import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { git } from '../../test/support/git.js';

export interface Size {
  readonly files: number;
  readonly commits: number;
}

const filesAFolder = 100;
const changesACommit = 3;
const firstSecond = 1_600_000_000;

/** `group-3/service-31/src/main/Class3107.java`: a folder has `filesAFolder` files, a group the same number of folders. */
function pathOf(file: number): string {
  const folder = Math.floor(file / filesAFolder);
  return `group-${Math.floor(folder / filesAFolder)}/service-${folder}/src/main/Class${file}.java`;
}

const blob = (path: string, text: string): string => `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;

/** A class of some 700 bytes that says in which commit it was written. */
function text(file: number, commit: number): string {
  const methods = Array.from({ length: 8 }, (_, at) => `  int m${at}() { return ${file * (at + 1)} ^ ${at}; }`);
  return `package abc;\n\n/** Written in ${commit}. */\nclass Class${file} {\n${methods.join('\n')}\n}\n`;
}

function* stream({ files, commits }: Size): Generator<string> {
  for (let commit = 0; commit < commits; commit += 1) {
    const message = `Change ${commit}`;
    const who = `Ada <ada@example.com> ${firstSecond + commit * 60} +0000`;
    yield `commit refs/heads/main\ncommitter ${who}\ndata ${message.length}\n${message}\n`;
    if (commit === 0) for (let file = 0; file < files; file += 1) yield blob(pathOf(file), text(file, 0));
    // A stride without a common divisor, so that the changes go all over the tree.
    for (let at = 0; commit > 0 && at < changesACommit; at += 1) {
      const file = ((commit * changesACommit + at) * 7919) % files;
      yield blob(pathOf(file), text(file, commit));
    }
    yield '\n';
  }
}

/** Makes a bare repository of that size, packed and with bitmaps as a git host keeps it. */
export async function makeLargeRepository(dir: string, size: Size): Promise<void> {
  await git('/', ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', dir]);
  const child = spawn('git', ['fast-import', '--quiet', '--depth=20'], {
    cwd: dir,
    // Without this glibc returns memory after each object and asks for it again (mallopt(3)).
    env: { ...process.env, MALLOC_TRIM_THRESHOLD_: String(16 * 1024 * 1024) },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  for (const part of stream(size)) if (!child.stdin.write(part)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  await git(dir, ['repack', '-a', '-d', '-q', '--write-bitmap-index', '--window=1']);
  await git(dir, ['commit-graph', 'write', '--reachable']);
}
