const days = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const daysOfOtherYears = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

/** `Today`, `Friday 27 November`, `27 November 2025`, in the viewer's zone. */
export function dayName(at: string, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return 'Today';
  return (date.getFullYear() === now.getFullYear() ? days : daysOfOtherYears).format(date);
}
