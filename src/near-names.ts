import { distance } from 'fastest-levenshtein';

/** Of longer names only the beginning is compared: the work grows with the product of both lengths. */
const MAX_CHARACTERS = 128;

const start = (name: string) => name.slice(0, MAX_CHARACTERS);

/** Up to three of the names that look most like the given one, the nearest first. */
export function nearNames(given: string, names: Iterable<string>): string[] {
  const name = start(given);
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...names]
    .map((candidate) => ({ candidate, edits: distance(name, start(candidate)) }))
    .filter(({ candidate, edits }) => edits <= limit || candidate.startsWith(name) || name.startsWith(candidate))
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The known name that a mistyped one most likely means: at most two edits away (one for short names); null if none is near. */
export function nearName(name: string, known: readonly string[]): string | null {
  const limit = name.length < 5 ? 1 : 2;
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const candidate of known) {
    const edits = editsOrSwap(start(name.toLowerCase()), start(candidate.toLowerCase()));
    if (edits <= limit && (best === null || edits < best.edits)) best = { name: candidate, edits };
  }
  return best?.name ?? null;
}

const sorted = (text: string) => [...text].sort().join('');

/** Two swapped letters are one mistake, although two edits. */
function editsOrSwap(from: string, to: string): number {
  const edits = distance(from, to);
  return edits === 2 && sorted(from) === sorted(to) ? 1 : edits;
}
