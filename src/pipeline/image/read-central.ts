import type { CentralFile, CentralOutline, CentralTree } from './central-tree.js';
import { parentOf, joinPath, pathBelow, rootedPath } from './paths.js';

/** A chain of more links than this leads nowhere. */
const LINK_LIMIT = 10;

/** Text of a file of a central folder, links followed inside the folder; null where there is none. */
export function readCentral(files: readonly CentralFile[], path: string): string | null {
  let target: string | null = path;
  for (let hops = 0; hops < LINK_LIMIT && target !== null; hops += 1) {
    const file = files.find((candidate) => candidate.path === target);
    if (!file) return null;
    const text = file.content.toString();
    if (file.mode !== '120000') return text;
    const next: string = joinPath(parentOf(target), text);
    target = text.startsWith('/') ? null : pathBelow('', rootedPath(next));
  }
  return null;
}

/** Outlines of central folders whose files are at hand. */
export async function outlinesOf(
  folders: readonly string[],
  files: CentralTree['files'],
): Promise<ReadonlyMap<string, CentralOutline>> {
  const outlines = new Map<string, CentralOutline>();
  for (const folder of folders) {
    const own = await files(folder);
    outlines.set(folder, { paths: own.map(({ path }) => path), dockerfile: readCentral(own, 'Dockerfile') });
  }
  return outlines;
}
