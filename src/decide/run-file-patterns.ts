import type { Pattern } from '../model/pattern.js';
import { parentOf } from '../patterns/paths.js';

/** What stands as the pattern of a path that is a run file. */
const runFileText = '(run file)';

/**
 * Patterns for the run files of a service that do not make its image: one for each folder, whose name narrows the paths to test.
 * @param bases run files without their overlays.
 */
export function runFilePatterns(bases: readonly string[], isPassedOver: (path: string) => boolean): readonly Pattern[] {
  const folders = new Set(bases.map(parentOf));
  return [...folders].map((folder) => ({
    text: runFileText,
    prefix: folder === '' ? '' : `${folder}/`,
    matches: (path) => parentOf(path) === folder && isPassedOver(path),
  }));
}
