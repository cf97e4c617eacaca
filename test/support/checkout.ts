import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from './git.js';

/** A checked-out repository with these files in its index. `origin` null: it has no remote. */
export async function checkOut(
  folder: string,
  files: Readonly<Record<string, string>>,
  { origin = 'https://github.com/abc/shop.git', branch = 'main' }: { origin?: string | null; branch?: string } = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet', `--initial-branch=${branch}`]);
  if (origin !== null) await git(folder, ['remote', 'add', 'origin', origin]);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await git(folder, ['add', '--all']);
  return folder;
}
