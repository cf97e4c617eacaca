import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow, type DiskFile } from './disk-context.js';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** What compiling takes beyond the packages of the program itself. */
const forCompiling = /^node_modules\/(typescript|undici-types|@types\/[^/]+)$/;

/** The installed packages as npm recorded them (https://docs.npmjs.com/cli/configuring-npm/package-lock-json, "hidden lockfiles"). */
export async function installedPackages(root: string): Promise<{ runtime: DiskFile[]; compiling: DiskFile[] }> {
  const lock = JSON.parse(await readFile(join(root, 'node_modules/.package-lock.json'), 'utf8')) as Lock;
  const paths = Object.keys(lock.packages);
  const filesOf = async (wanted: readonly string[]): Promise<DiskFile[]> => {
    const nested = (path: string) => path.startsWith('node_modules/') || path.includes('/node_modules/');
    const perPackage = wanted.map((path) => filesBelow(join(root, path), `${path}/`, nested));
    return (await Promise.all(perPackage)).flat();
  };
  return {
    runtime: await filesOf(paths.filter((path) => lock.packages[path]?.dev !== true)),
    compiling: await filesOf(paths.filter((path) => forCompiling.test(path))),
  };
}
