import { isoTime } from '../../iso-time.js';
import type { RangePlan } from '../../operations/plan-range.js';
import { printable } from '../../printable.js';
import { columns } from './columns.js';
import { totals } from './plan-table.js';

/** For people: each commit with the builds that it would have asked for, then the totals of each service. */
export function rangeText({ commits, totals: perService }: RangePlan): string {
  if (commits.length === 0) return 'No commit lies in this range.\n';
  const rows = commits.flatMap(({ commit, subject, at, decisions }) => {
    const builds = decisions.filter(({ decision }) => decision === 'build');
    const [first, ...others] = builds.map(({ service, reason }) => [service, reason.code, reason.message]);
    const head = [commit.slice(0, 7), dayOf(at), shortened(subject)];
    return [
      [...head, ...(first ?? ['-', '', `${decisions.length} skipped`])],
      ...others.map((cells) => ['', '', '', ...cells]),
    ];
  });
  const byService = [...perService].sort((a, b) => b.builds - a.builds);
  const sums = byService.map(({ service, builds, skips }) => [service, totals(builds, skips)]);
  const sum = (of: 'builds' | 'skips') => perService.reduce((total, service) => total + service[of], 0);
  return [
    columns([['COMMIT', 'DATE', 'SUBJECT', 'SERVICE', 'REASON', 'WHY'], ...rows]),
    '\n',
    columns([
      ['SERVICE', 'WOULD HAVE HAD'],
      ...sums,
      [`all, in ${commits.length} commits`, totals(sum('builds'), sum('skips'))],
    ]),
  ].join('');
}

const SUBJECT_WIDTH = 50;

function shortened(subject: string): string {
  const text = printable(subject);
  return text.length > SUBJECT_WIDTH ? `${text.slice(0, SUBJECT_WIDTH - 1)}…` : text;
}

/** `2026-01-31`, in UTC. */
export const dayOf = (at: number): string => isoTime(at).slice(0, 10);
