import type { SizedFile } from '../../git/contract.js';
import type { CentralFile, CentralOutline, CentralTree } from './central-tree.js';
import { MAX_DOCKERFILE_BYTES, MAX_TARGET_BYTES, readText } from '../dockerfile/file-limits.js';
import { parentOf, joinPath, pathBelow, rootedPath } from '../../patterns/paths.js';

/** Longer chains of links count as leading nowhere. */
const MAX_LINKS = 10;

/** A file of a central folder, or null. Links are followed inside the folder. */
export function findCentral(files: readonly CentralFile[], path: string): SizedFile | null {
  let target: string | null = path;
  for (let hops = 0; hops < MAX_LINKS && target !== null; hops += 1) {
    const file = files.find((candidate) => candidate.path === target);
    if (!file) return null;
    const { blob, content } = file;
    if (file.mode !== '120000') return { blob, content, size: content.length };
    if (content.length > MAX_TARGET_BYTES) return null;
    const text = content.toString();
    const next: string = joinPath(parentOf(target), text);
    target = text.startsWith('/') ? null : pathBelow('', rootedPath(next));
  }
  return null;
}

/** The names that Docker's client tries for a Dockerfile, in this order. */
export const dockerfileNames = ['Dockerfile', 'dockerfile'] as const;

/** The Dockerfile of a central folder with its name there, or null. */
export function findCentralDockerfile(
  files: readonly CentralFile[],
): { readonly name: string; readonly file: SizedFile } | null {
  for (const name of dockerfileNames) {
    const file = findCentral(files, name);
    if (file !== null) return { name, file };
  }
  return null;
}

/** Text of the Dockerfile of a central folder. Null without one, or if it is too large to read. */
export function centralDockerfile(files: readonly CentralFile[]): string | null {
  const found = findCentralDockerfile(files);
  return found && readText('central Dockerfile', found.name, found.file, MAX_DOCKERFILE_BYTES).text;
}

/** Outlines of central folders whose files are already read. */
export async function outlinesOf(
  folders: readonly string[],
  files: CentralTree['files'],
): Promise<ReadonlyMap<string, CentralOutline>> {
  const outlines = new Map<string, CentralOutline>();
  for (const folder of folders) {
    const own = await files(folder);
    outlines.set(folder, { paths: own.map(({ path }) => path), dockerfile: centralDockerfile(own) });
  }
  return outlines;
}
