export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Longer texts are not compared line by line: all of one goes, all of the other comes. */
const MAX_LINES = 2_000;

/** The lines of two texts, with as few that differ as can be. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const isLong = a.length > MAX_LINES || b.length > MAX_LINES;
  const common = isLong ? null : commonLengths(a, b);
  const lengthAt = (i: number, j: number) => common?.[i * (b.length + 1) + j] ?? 0;
  const found: DiffLine[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [one, other] = [a[i], b[j]];
    if (!isLong && one !== undefined && one === other) {
      found.push({ kind: 'same', text: one });
      [i, j] = [i + 1, j + 1];
    } else if (one !== undefined && lengthAt(i + 1, j) >= lengthAt(i, j + 1)) {
      found.push({ kind: 'removed', text: one });
      i += 1;
    } else if (other !== undefined) {
      found.push({ kind: 'added', text: other });
      j += 1;
    } else if (one !== undefined) {
      found.push({ kind: 'removed', text: one });
      i += 1;
    }
  }
  return found;
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** At `i * (b.length + 1) + j`: how many lines the rests from `i` and `j` have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      const [down, right] = [lengths[at + width] ?? 0, lengths[at + 1] ?? 0];
      lengths[at] = a[i] === b[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(down, right);
    }
  return lengths;
}
