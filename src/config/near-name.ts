/** The known name that a mistyped one probably means: at most two edits away (one for short names), or null. */
export function nearName(name: string, known: readonly string[]): string | null {
  const limit = name.length < 5 ? 1 : 2;
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = edits(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? known.find((candidate) => candidate.toLowerCase() === `${name}s`.toLowerCase()) ?? null;
}

/** Number of single characters to insert, delete or replace, or neighbours to swap (optimal string alignment). */
function edits(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) line.push(cell(from, to, row, column, line, rows));
    rows.push(line);
  }
  return rows[from.length]?.[to.length] ?? 0;
}

function cell(
  from: string,
  to: string,
  row: number,
  column: number,
  line: readonly number[],
  rows: number[][],
): number {
  const at = (line: readonly number[] | undefined, index: number): number => line?.[index] ?? Number.POSITIVE_INFINITY;
  const same = from[row - 1] === to[column - 1] ? 0 : 1;
  const plain = Math.min(at(rows[row - 1], column) + 1, at(line, column - 1) + 1, at(rows[row - 1], column - 1) + same);
  const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
  return swapped ? Math.min(plain, at(rows[row - 2], column - 2) + 1) : plain;
}
