/** Has git name each object of its input that is there, for `missingIn`. */
export const askingForNames = ['cat-file', '--batch-check=%(objectname)', '--buffer'] as const;

/** Those of the ids that git calls missing in its answer. */
export function missingIn(answer: Buffer, ids: readonly string[]): readonly string[] {
  const lines = answer.toString('latin1').split('\n');
  const absent = new Set(lines.filter((line) => line.endsWith(' missing')));
  return ids.filter((id) => absent.has(`${id} missing`));
}
