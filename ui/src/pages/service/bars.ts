import type { Build } from '../../api/types.js';

/** Height of the longest bar, and of one that took no time. */
export const BAR_HEIGHT = 40;
const MIN_HEIGHT = 3;

/** How long a build took. Null: it has not begun or not ended. */
export function tookMs({ startedAt, finishedAt }: Pick<Build, 'startedAt' | 'finishedAt'>): number | null {
  return startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
}

/** Of builds that succeeded by building. Null: there are none. */
export function medianMs(builds: readonly Build[]): number | null {
  const times = builds
    .filter(({ status, outcome }) => status === 'succeeded' && outcome === 'built')
    .flatMap((build) => tookMs(build) ?? [])
    .sort((a, b) => a - b);
  const middle = times.length >> 1;
  const [upper, lower] = [times[middle], times[middle - 1]];
  if (upper === undefined) return null;
  return times.length % 2 === 1 || lower === undefined ? upper : (upper + lower) / 2;
}

/** The height of each bar, in the order given. */
export function heightsOf(builds: readonly Build[]): readonly number[] {
  const times = builds.map((build) => tookMs(build) ?? 0);
  const longest = Math.max(1, ...times);
  return times.map((time) => Math.max(MIN_HEIGHT, Math.round((time / longest) * BAR_HEIGHT)));
}
