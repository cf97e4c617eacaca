/** Compiles a TypeScript program and all that it imports, so that each of a hundred threads starts in milliseconds. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } };

/** A relative import, also one on demand. */
const relativeImport = /\b(?:from|import\() ?["'](\.[^"']+)\.(m?)js["']/g;

/** Writes the program below `folder`, which must be below the project's root; the path of its main file. */
export function compileWorker(root, main, folder) {
  const done = new Set();
  const compile = (file) => {
    if (done.has(file)) return;
    done.add(file);
    const text = readFileSync(file, 'utf8');
    const code = file.endsWith('.ts') ? transformSync(text, { ...options, filename: file }).code : text;
    const target = join(folder, relative(root, file).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
    for (const [, imported, m] of code.matchAll(relativeImport))
      compile(resolve(dirname(file), m === '' ? `${imported}.ts` : `${imported}.mjs`));
  };
  compile(resolve(root, main));
  // Where `src/version.ts` looks for it.
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  return join(folder, main.replace(/\.ts$/, '.js'));
}
