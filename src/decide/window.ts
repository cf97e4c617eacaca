import type { Day, Window } from '../model/environment.js';
import { DAY_MS, dayAt, momentOf, type CalendarDay } from './zone-time.js';

/** Milliseconds since the epoch. */
export interface WindowState {
  readonly open: boolean;
  /** When it opens next. Null: it is open, or does not open within a week. */
  readonly opensAt: number | null;
  /** When it closes. Null: it is closed, or stays open for a week and more. */
  readonly closesAt: number | null;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Sunday is the first, as in `Date`. */
const days: readonly Day[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const DAYS_BEFORE = 2;
const DAYS_AHEAD = 9;
const WEEK_MS = 7 * DAY_MS;

/**
 * Whether one of the windows is open, and until when or from when. Windows that overlap or touch are one. No windows: always open. A time that
 * the clocks of the zone skip is the moment at which they go forward; one that comes twice is the first. Pure.
 */
export function windowAt(windows: readonly Window[], now: number): WindowState {
  if (windows.length === 0) return { open: true, opensAt: null, closesAt: null };
  const spans = joined(windows.flatMap((window) => spansOf(window, now)));
  const current = spans.find(({ from, to }) => from <= now && now < to);
  if (current !== undefined)
    return { open: true, opensAt: null, closesAt: current.to - now > WEEK_MS ? null : current.to };
  const next = spans.find(({ from }) => from > now);
  return { open: false, opensAt: next?.from ?? null, closesAt: null };
}

/** Those that may be open at a time, or open within a week of it. */
function spansOf({ days: begins, from, to, zone }: Window, now: number): readonly Span[] {
  const today = dayAt(zone, now);
  const spans: Span[] = [];
  for (let ahead = -DAYS_BEFORE; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = today + ahead * DAY_MS;
    if (!begins.includes(weekdayOf(day))) continue;
    const span = { from: momentOf(zone, day, from), to: momentOf(zone, to < from ? day + DAY_MS : day, to) };
    // Clocks that go forward over both leave nothing of it.
    if (span.from < span.to) spans.push(span);
  }
  return spans;
}

const weekdayOf = (day: CalendarDay): Day => days[new Date(day).getUTCDay()] ?? 'sun';

function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || span.from > last.to) all.push(span);
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return all;
}
