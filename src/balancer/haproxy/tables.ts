/** A line of a table, by the names of the columns. */
export type Row = ReadonlyMap<string, string>;

/**
 * Rows of a table whose first line has `# ` and the names of its columns. Null: it has another form, or lacks a column that is needed. A separator
 * between quotes, and a line feed, is part of a text: what a health check said may have any.
 */
export function tableOf(text: string, separator: ' ' | ',', needed: readonly string[]): readonly Row[] | null {
  if (!text.startsWith('# ')) return null;
  const [names = [], ...lines] = cellsOf(text.slice(2), separator);
  if (!needed.every((name) => names.includes(name))) return null;
  return lines.map((cells) => new Map(names.map((name, at) => [name, cells[at] ?? ''])));
}

/** As RFC 4180 has it, with any separator. Empty lines are left out. */
function cellsOf(text: string, separator: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let cells: string[] = [];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\n]*))(${separator}|\\n|$)`, 'y');
  while (cell.lastIndex < text.length) {
    const [, quoted, plain = '', end] = cell.exec(text) ?? [];
    if (end === undefined) return [];
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === separator) continue;
    if (cells.some((one) => one !== '')) lines.push(cells);
    cells = [];
  }
  if (cells.length > 0) lines.push(cells);
  return lines;
}

/** NaN if the row has no whole number there. */
export function numberAt(row: Row, column: string): number {
  const text = row.get(column) ?? '';
  return /^\d+$/.test(text) ? Number(text) : NaN;
}
