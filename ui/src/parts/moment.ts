import { clockTime } from './time.js';

const DAY_MS = 86_400_000;

/** Time of day; with the date, if it is not within a day. */
export function moment(at: string): string {
  const isSoon = Math.abs(Date.parse(at) - Date.now()) < DAY_MS;
  if (isSoon) return clockTime(at);
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
