const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A time in milliseconds since the epoch, as RFC 3339 writes it. Git takes any number as the time of a commit, RFC 3339 only the years
 * 0000 to 9999: a time outside of them becomes the nearest one inside, and what is no number becomes the epoch.
 */
export function isoTime(ms: number): string {
  const inside = Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, FIRST_MS), LAST_MS);
  return new Date(inside).toISOString();
}
