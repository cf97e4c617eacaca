/** Prints the folders of src/ that import each other, directly or in a circle. Exit code 1 if there are any. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { folderCircles } from './parts/folder-circles.mjs';
import { root } from './parts/project.mjs';

const paths = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll(sep, posix.sep));
const circles = folderCircles(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
for (const circle of circles) {
  console.log(`Folders in a circle: ${[circle[0].from, ...circle.map(({ to }) => to)].join(' → ')}`);
  for (const { example } of circle) console.log(`  ${example.from} imports ${example.to}`);
}
console.error(`Circles among the folders of ${paths.length} files: ${circles.length}`);
process.exitCode = circles.length === 0 ? 0 : 1;
