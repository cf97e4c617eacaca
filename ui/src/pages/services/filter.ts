import type { OverviewRow } from '../../api/types.js';

/** What wants attention, most urgent first. Services that are not in it are up to date. */
const attention: readonly OverviewRow['state'][] = ['failed', 'running', 'queued', 'waits-for-artifact'];

export const wantsAttention = ({ state, drift }: OverviewRow): boolean => attention.includes(state) || drift;

function rank({ state, drift }: OverviewRow): number {
  const place = attention.indexOf(state);
  if (place >= 0) return place;
  return drift ? attention.length : attention.length + 1;
}

export type Sort = 'attention' | 'name' | 'time';

export function sorted(rows: readonly OverviewRow[], by: Sort): OverviewRow[] {
  const byName = (a: OverviewRow, b: OverviewRow) => (a.name < b.name ? -1 : 1);
  const byTime = (a: OverviewRow, b: OverviewRow) => (b.at ?? '').localeCompare(a.at ?? '');
  const compare = {
    attention: (a: OverviewRow, b: OverviewRow) => rank(a) - rank(b) || byName(a, b),
    name: byName,
    time: (a: OverviewRow, b: OverviewRow) => byTime(a, b) || byName(a, b),
  }[by];
  return [...rows].sort(compare);
}

/** A test of rows: words that must all occur in name, repository, tag or branch, and `state:NAME`. */
export function matcher(text: string): (row: OverviewRow) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const states = words.flatMap((word) => /^state:(.+)$/.exec(word)?.[1] ?? []);
  const plain = words.filter((word) => !word.startsWith('state:'));
  return (row) => {
    if (states.length > 0 && !states.some((state) => isIn(state, row))) return false;
    if (plain.length === 0) return true;
    const searched = `${row.name} ${row.repository} ${row.tag ?? ''} ${row.branch ?? ''}`.toLowerCase();
    return plain.every((word) => searched.includes(word));
  };
}

/** Names for several states: what the counts above the list say. */
function isIn(name: string, row: OverviewRow): boolean {
  switch (name) {
    case 'failing':
      return row.state === 'failed';
    case 'attention':
      return wantsAttention(row);
    case 'drift':
      return row.drift;
    case 'ok':
      return !wantsAttention(row) && row.state !== 'none';
    default:
      return row.state === name;
  }
}
