const MINUTE_MS = 60_000;
/** No zone is further from UTC, and none changes its clocks twice within that time. */
const FAR_MS = 26 * 60 * MINUTE_MS;

/** A day of the calendar, as the UTC midnight that has its date. */
export type CalendarDay = number;
export const DAY_MS = 24 * 60 * MINUTE_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than all that is asked of it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    ...({ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' } as const),
    ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  formats.set(zone, made);
  return made;
}

/** What the clocks of a zone show at a moment, as the UTC moment that would be written the same. */
function shownAt(zone: string, at: number): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** Milliseconds that the clocks of a zone are ahead of UTC. */
const aheadAt = (zone: string, at: number): number => shownAt(zone, at) - Math.floor(at / 1000) * 1000;

/** The date that the clocks of a zone show. `at`: milliseconds since the epoch. */
export const dayAt = (zone: string, at: number): CalendarDay => Math.floor(shownAt(zone, at) / DAY_MS) * DAY_MS;

/**
 * The first moment at which the clocks of a zone show a time of a day or a later one: of a time that comes twice the first, for one that is
 * skipped the moment at which the clocks go forward. `minutes` since midnight; 1440 is the next midnight. In milliseconds since the epoch.
 */
export function momentOf(zone: string, day: CalendarDay, minutes: number): number {
  const wanted = day + minutes * MINUTE_MS;
  const [before, after] = [aheadAt(zone, wanted - FAR_MS), aheadAt(zone, wanted + FAR_MS)];
  const early = wanted - before;
  if (aheadAt(zone, early) === before) return early;
  const late = wanted - after;
  return aheadAt(zone, late) === after ? late : changeBetween(zone, late, early, before);
}

/** The minute at which clocks are no longer `ahead` of UTC by that. They are at `low` and not at `high`. */
function changeBetween(zone: string, low: number, high: number, ahead: number): number {
  let [still, over] = [low, high];
  while (over - still > MINUTE_MS) {
    const middle = still + Math.floor((over - still) / 2 / MINUTE_MS) * MINUTE_MS;
    if (aheadAt(zone, middle) === ahead) still = middle;
    else over = middle;
  }
  return over;
}
