/** Finds folders that import each other, directly or in a circle. Imports of types count. */
import { posix } from 'node:path';
import ts from 'typescript';

/** The files of the project that a file imports: relative imports only. `./a.js` is written for `./a.ts`. */
const importsOf = (path, text) =>
  ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts'));

/** All folders above the files. */
function foldersOf(paths) {
  const folders = new Set();
  for (const path of paths) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

/** What a path is part of in a folder: a sub-folder, or the folder itself. A file directly in src/ is a part of its own. */
function partOf(folder, path) {
  const [name, ...below] = path.slice(folder.length + 1).split('/');
  return below.length === 0 && folder !== 'src' ? folder : `${folder}/${name}`;
}

/** The steps from part to part of a folder, each with an import that makes it. */
function stepsWithin(folder, imports) {
  const steps = new Map();
  for (const example of imports) {
    const isInside = Object.values(example).every((path) => path.startsWith(`${folder}/`));
    if (!isInside) continue;
    const [from, to] = [partOf(folder, example.from), partOf(folder, example.to)];
    if (from === to) continue;
    const onwards = steps.get(from) ?? new Map();
    steps.set(from, onwards.set(to, onwards.get(to) ?? { from, to, example }));
  }
  return steps;
}

/** The shortest way from a part back to it. Null if there is none. */
function circleFrom(start, steps) {
  const ways = [[]];
  const seen = new Set();
  for (const way of ways) {
    for (const step of steps.get(way.at(-1)?.to ?? start)?.values() ?? []) {
      if (step.to === start) return [...way, step];
      if (!seen.has(step.to)) ways.push([...way, step]);
      seen.add(step.to);
    }
  }
  return null;
}

/** A circle for each part that is in one, without repetitions. */
function circlesOf(steps) {
  const found = new Map();
  for (const start of [...steps.keys()].sort()) {
    const circle = circleFrom(start, steps);
    const key = circle
      ?.map(({ from }) => from)
      .sort()
      .join();
    if (circle !== null && !found.has(key)) found.set(key, circle);
  }
  return [...found.values()];
}

/**
 * The circles among the folders of `files`, a map from path to text. At each level a folder's sub-folders are compared, each with all that is
 * below it. The files directly in the folder count as one more sub-folder; those directly in src/ are compared one by one. A circle is a
 * list of steps, each with an import that makes it.
 */
export function folderCircles(files) {
  const imports = [...files].flatMap(([from, text]) => importsOf(from, text).map((to) => ({ from, to })));
  return foldersOf(files.keys()).flatMap((folder) => circlesOf(stepsWithin(folder, imports)));
}
