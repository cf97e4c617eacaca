/** Compiles a TypeScript program and all that it imports, so that each of a hundred threads starts in milliseconds. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } };

/** Writes the program below `folder`, which must be below the project's root; the path of its main file. */
export function compileWorker(root, main, folder) {
  const done = new Set();
  const compile = (file) => {
    if (done.has(file)) return;
    done.add(file);
    const { code } = transformSync(readFileSync(file, 'utf8'), { ...options, filename: file });
    const target = join(folder, relative(root, file).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
    for (const [, imported] of code.matchAll(/\bfrom ["'](\.[^"']+)\.js["']/g))
      compile(resolve(dirname(file), `${imported}.ts`));
  };
  compile(resolve(root, main));
  return join(folder, main.replace(/\.ts$/, '.js'));
}
