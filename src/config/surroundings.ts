import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { defaultDockerfiles, type Surroundings } from './normalise.js';
import type { Sketch } from './sketch.js';

/** Reads the files that a configuration names. The faults say which of them are missing. */
export async function readSurroundings(
  sketch: Sketch,
  folder: string,
): Promise<Pick<Surroundings, 'folder' | 'files'> & { readonly faults: readonly Fault[] }> {
  const faults: Fault[] = [];
  const files = new Map<string, string>();
  for (const [path, file] of certificateFiles(sketch)) {
    const content = await contentOf(resolve(folder, file));
    if ('fault' in content) faults.push({ path, message: `the file ${content.fault}` });
    else files.set(path, content.text);
  }
  const central = sketch.dockerfiles?.path;
  if (
    central !== undefined &&
    resolve(folder, central) !== defaultDockerfiles(folder) &&
    !(await isFolder(resolve(folder, central)))
  ) {
    faults.push({ path: 'dockerfiles.path', message: 'there is no such folder' });
  }
  return { folder, files, faults };
}

/** Every certificate by its place. */
function certificateFiles({ engine, environments = {} }: Sketch): readonly (readonly [string, string])[] {
  const hosts = Object.entries(environments).flatMap(([environment, { hosts: its = {} } = {}]) =>
    Object.entries(its).map(
      ([host, settings]) =>
        [`${placeOf(`${placeOf('environments', environment)}.hosts`, host)}.tls`, settings?.tls] as const,
    ),
  );
  return [['engine.tls', engine?.tls] as const, ...hosts].flatMap(([place, tls = {}]) =>
    (['ca', 'cert', 'key'] as const).flatMap((part) => {
      const file = tls[part];
      return file === undefined ? [] : [[`${place}.${part}`, file] as const];
    }),
  );
}

/** The text of a file, or the end of a sentence that begins with it. */
export async function contentOf(file: string): Promise<{ readonly text: string } | { readonly fault: string }> {
  try {
    return { text: await readFile(file, 'utf8') };
  } catch (thrown) {
    const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? ` (${String(thrown.code)})` : '';
    return { fault: `cannot be read${code}` };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
