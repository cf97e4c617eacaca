import { printable } from '../../printable.js';

/**
 * Rows as text. Every column but the last is as wide as its widest cell. Control characters are escaped, so that a name cannot fake a line.
 */
export function columns(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of shown) {
    for (const [index, cell] of row.slice(0, -1).entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return shown
    .map((row) => row.map((cell, index) => cell.padEnd(index < row.length - 1 ? (widths[index] ?? 0) : 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
