/** `npm run words -- [FOLDER...]`: prints where the project's prose uses a phrase of plain-english.json. Exit code 1 if it finds any. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPhrases } from './parts/prose.mjs';
import { root } from './parts/project.mjs';

const phrases = JSON.parse(readFileSync(new URL('./plain-english.json', import.meta.url), 'utf8'));
const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
const [, , ...folders] = process.argv;
const isAsked = (path) => folders.length === 0 || folders.some((folder) => path.startsWith(`${folder}/`));
const files = listed.stdout
  .split('\0')
  .filter((path) => isAsked(path) && /\.(?:[cm]?[jt]sx?|md|ya?ml)$|(?:^|\/)Jenkinsfile/.test(path));

let total = 0;
for (const path of files) {
  for (const { line, phrase, instead } of findPhrases(path, readFileSync(join(root, path), 'utf8'), phrases)) {
    console.log(`${path}:${line}: ${phrase} (${instead})`);
    total += 1;
  }
}
console.error(total === 0 ? 'No listed phrase found.' : `${total} phrases to rewrite.`);
process.exitCode = total === 0 ? 0 : 1;
