import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow, type DiskFile } from './disk-context.js';

interface Locked {
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

/** What compiling takes beyond the packages of the program itself; those of the pages with all that they need. */
const forCompiling = /^node_modules\/(typescript|undici-types|@types\/[^/]+)$/;
const forPages =
  /^node_modules\/(vite|preact|preact-iso|@preact\/signals|@tanstack\/preact-query|openapi-fetch|anser|@dagrejs\/dagre|@github\/[^/]+)$/;

/** The installed packages as npm recorded them (https://docs.npmjs.com/cli/configuring-npm/package-lock-json, "hidden lockfiles"). */
export async function installedPackages(root: string): Promise<{ runtime: DiskFile[]; compiling: DiskFile[] }> {
  const { packages } = JSON.parse(await readFile(join(root, 'node_modules/.package-lock.json'), 'utf8')) as Lock;
  const paths = Object.keys(packages);
  const filesOf = async (wanted: readonly string[]): Promise<DiskFile[]> => {
    const nested = (path: string) => path.startsWith('node_modules/') || path.includes('/node_modules/');
    const perPackage = wanted.map((path) => filesBelow(join(root, path), `${path}/`, nested));
    return (await Promise.all(perPackage)).flat();
  };
  const runtime = paths.filter((path) => packages[path]?.dev !== true);
  const pages = withNeeds(
    paths.filter((path) => forPages.test(path)),
    packages,
  );
  const compiling = [...paths.filter((path) => forCompiling.test(path)), ...pages];
  return {
    runtime: await filesOf(runtime),
    compiling: await filesOf([...new Set(compiling)].filter((path) => !runtime.includes(path))),
  };
}

/** Packages, and those that they need, as far as they are installed. */
function withNeeds(wanted: readonly string[], packages: Lock['packages']): readonly string[] {
  const found = new Set<string>();
  const add = (path: string): void => {
    const locked = packages[path];
    if (locked === undefined || found.has(path)) return;
    found.add(path);
    const needs = { ...locked.dependencies, ...locked.optionalDependencies, ...locked.peerDependencies };
    for (const name of Object.keys(needs)) {
      const own = `${path}/node_modules/${name}`;
      add(own in packages ? own : `node_modules/${name}`);
    }
  };
  wanted.forEach(add);
  return [...found];
}
