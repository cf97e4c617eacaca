/** Takes the output of a command as it comes. */
export type TakeOutput = (chunk: Buffer) => void;

/** Rows that end with a byte, one at a time: a large output is never held whole. What follows the last end is no row. */
export function takeRows(end: number, onRow: (row: Buffer) => void): TakeOutput {
  let begun: Buffer[] = [];
  return (chunk) => {
    let start = 0;
    for (let stop = chunk.indexOf(end); stop >= 0; stop = chunk.indexOf(end, start)) {
      const row = chunk.subarray(start, stop);
      onRow(begun.length === 0 ? row : Buffer.concat([...begun, row]));
      if (begun.length > 0) begun = [];
      start = stop + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  };
}

/** Lines of plain text. */
export const takeLines = (onLine: (line: string) => void): TakeOutput =>
  takeRows(0x0a, (row) => onLine(row.toString('latin1')));
