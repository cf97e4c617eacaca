import { createHash } from 'node:crypto';
import type { Inputs } from '../model/inputs.js';
import { noRunFileHash } from '../model/release.js';

/**
 * Identity of the inputs of a decision or build. With equal keys there is nothing to decide again. `runFile`: identity of the run file in
 * force, which belongs to decisions alone; omitted without one, so that older keys stay valid.
 */
export function inputsKey(inputs: Inputs, runFile = noRunFileHash): string {
  const bases = Object.entries(inputs.bases).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    inputs.head,
    inputs.packaging,
    inputs.settings,
    bases,
    ...(runFile === noRunFileHash ? [] : [runFile]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
