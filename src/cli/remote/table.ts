import { printable } from '../../printable.js';
import type { Terminal } from './terminal.js';

/** A cell, with the colour that it gets. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/**
 * Rows with a heading, which only people see. Columns are as wide as their widest cell, without colours; the last one is open. Control
 * characters are escaped, so that a name cannot fake a line.
 */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[], terminal: Terminal): string {
  if (rows.length === 0) return '';
  const { dim } = terminal.colours;
  const heads = headings.map((text): Cell => ({ text, paint: dim }));
  const shown = (terminal.isTerminal ? [heads, ...rows] : rows).map((row) => row.map(cellOf));
  const widths = headings.map((_, index) => Math.max(0, ...shown.map((row) => [...(row[index]?.text ?? '')].length)));
  return shown.map((row) => `${lineOf(row, widths)}\n`).join('');
}

function lineOf(row: readonly Exclude<Cell, string>[], widths: readonly number[]): string {
  const last = row.findLastIndex(({ text }) => text !== '');
  return row
    .slice(0, last + 1)
    .map(({ text, paint }, index) => {
      const gap = index === last ? 0 : (widths[index] ?? 0) - [...text].length + 2;
      return (text === '' ? '' : paint(text)) + ' '.repeat(gap);
    })
    .join('');
}

function cellOf(cell: Cell): Exclude<Cell, string> {
  const { text, paint } = typeof cell === 'string' ? { text: cell, paint: same } : cell;
  return { text: printable(text), paint };
}

const same = (text: string): string => text;

/** `Label  text` lines, as `why` and `build` have them. Nulls are left out. */
export function facts(rows: readonly (readonly [string, string] | null)[], terminal: Terminal): string {
  const given = rows.filter((row) => row !== null);
  const width = Math.max(0, ...given.map(([label]) => label.length)) + 2;
  return given
    .map(([label, text]) => {
      const [first = '', ...more] = text.split('\n').map(printable);
      const lines = [
        terminal.colours.dim(label.padEnd(width)) + first,
        ...more.map((line) => ' '.repeat(width) + line),
      ];
      return lines.map((line) => `${line.trimEnd()}\n`).join('');
    })
    .join('');
}
