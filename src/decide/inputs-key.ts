import { createHash } from 'node:crypto';
import type { Inputs } from '../model/inputs.js';

/** Identity of the inputs of a decision or build. With equal keys there is nothing to decide again. */
export function inputsKey(inputs: Inputs): string {
  const bases = Object.entries(inputs.bases).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [inputs.head, inputs.packaging, inputs.settings, bases];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
