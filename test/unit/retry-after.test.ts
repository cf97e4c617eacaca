import { createHostPauses } from '../../src/host-pauses.js';
import { retryAtOf } from '../../src/retry-after.js';

const now = Date.UTC(2026, 10, 29, 12);
const hour = 3_600_000;

test.each<[number, Record<string, string>, number | null]>([
  [429, { 'retry-after': '60' }, now + 60_000],
  [503, { 'retry-after': ' 0 ' }, now],
  [503, { 'retry-after': 'Sun, 29 Nov 2026 12:00:30 GMT' }, now + 30_000],
  [503, { 'retry-after': 'Sunday, 29-Nov-26 12:00:30 GMT' }, now + 30_000],
  [503, { 'retry-after': 'Sun, 29 Nov 2026 11:00:00 GMT' }, now],
  [503, { 'retry-after': '99999999999999999999' }, now + 6 * hour],
  [503, { 'retry-after': '-1' }, null],
  [503, { 'retry-after': '1.5' }, null],
  [503, { 'retry-after': 'soon' }, null],
  [503, { 'retry-after': '' }, null],
  [503, {}, null],
  [429, { 'x-ratelimit-reset': String(now / 1000 + 3) }, now + 3_000],
  [403, { 'x-ratelimit-reset': String(now / 1000 + 3), 'x-ratelimit-remaining': '0' }, now + 3_000],
  [403, { 'x-ratelimit-reset': String(now / 1000 + 3), 'x-ratelimit-remaining': '7' }, null],
  [429, { 'x-ratelimit-reset': String(now / 1000 + 3), 'retry-after': '9' }, now + 9_000],
])('status %i with %j is asked again at %s', (status, headers, at) => {
  expect(retryAtOf(new Headers(headers), status, now)).toBe(at);
});

test('the pause of a host is its own, and a shorter one does not end it', () => {
  let time = now;
  const pauses = createHostPauses({ now: () => time });
  const answered = (host: string, seconds: string) =>
    pauses.answered(host, { status: 429, headers: new Headers({ 'retry-after': seconds }) });
  expect(answered('Api.Test', '60')).toBe(now + 60_000);
  answered('api.test', '1');
  expect(pauses.until('api.test')).toBe(now + 60_000);
  expect(pauses.until('other.test')).toBeNull();
  time += 60_000;
  expect(pauses.until('api.test')).toBeNull();
});

test('a clock that is set back ends a pause that it made longer than any', () => {
  let time = now;
  const pauses = createHostPauses({ now: () => time });
  pauses.answered('api.test', { status: 429, headers: new Headers({ 'retry-after': '60' }) });
  time -= 24 * hour;
  expect(pauses.until('api.test')).toBeNull();
});

test('a host that named nothing is asked, even before 1970', () => {
  expect(createHostPauses({ now: () => -1_000 }).until('api.test')).toBeNull();
});
