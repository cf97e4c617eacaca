import { prepareContext } from '../../src/image/context/context.js';
import { packagingAt } from '../../src/image/packaging/packaging.js';
import type { Reading } from '../../src/reading/reading.js';
import { foldersAbove } from '../../src/patterns/paths.js';
import { imageService, memoryCentral } from './image-service.js';
import { createMemoryTree, type MemoryFile } from './memory-tree.js';

/** What a context holds, in the order of JavaScript's `sort`. */
export interface ContextPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** What we would send of these files, among them a Dockerfile at the root. */
export async function pathsByUs(files: Readonly<Record<string, MemoryFile>>, reading: Reading): Promise<ContextPaths> {
  const tree = createMemoryTree({ c: files });
  const service = imageService();
  const read = reading.dockerfile;
  const packaging = await packagingAt({ service, commit: 'c', tree, central: memoryCentral({}), read });
  const { sources, asked } = await read(packaging.text, { buildArgs: {}, target: null });
  const wanted = { service, commit: 'c', tree, packaging, sources, asked, artifact: null };
  const { context } = await prepareContext(wanted, reading.context);
  const paths = [...context.entries].map(({ path }) => path);
  const folders = context.folders ?? [];
  const moved = [...paths, ...folders].some((path) => path.startsWith('context/') || path === 'context');
  const inside = (path: string) => (moved ? path.replace(/^context\/?/, '') : path);
  const seen = paths.filter((path) => !moved || path !== 'Dockerfile').map(inside);
  const above = [
    ...seen.flatMap(foldersAbove),
    ...folders.map(inside).flatMap((path) => [path, ...foldersAbove(path)]),
  ];
  return { files: seen.sort(), folders: [...new Set(above)].filter((path) => path !== '').sort() };
}
