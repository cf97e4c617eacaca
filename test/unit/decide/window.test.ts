import fc from 'fast-check';
import { windowAt } from '../../../src/decide/window.js';
import type { Day, Window } from '../../../src/model/environment.js';

const everyDay: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
/** `wed 20:00-23:00`, or `20:00-23:00` for every day. */
function window(text: string, zone = 'Europe/Zurich'): Window {
  const [times = '', ...days] = text.split(' ').reverse();
  const [from = '', to = ''] = times.split('-');
  return { days: days.length > 0 ? (days as Day[]) : everyDay, from: minutes(from), to: minutes(to), zone };
}
const state = (windows: readonly Window[], now: string) => {
  const { open, opensAt, closesAt } = windowAt(windows, Date.parse(now));
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 16));
  return [open, time(opensAt), time(closesAt)];
};
const newYork = 'America/New_York';

// 2026-11-25 is a Wednesday, and Zurich is an hour ahead of UTC.
test.each<[string, readonly Window[], string, readonly unknown[]]>([
  ['no windows are always open', [], '2026-11-25T12:00Z', [true, null, null]],
  ['before it', [window('wed 20:00-23:00')], '2026-11-25T18:59Z', [false, '2026-11-25T19:00', null]],
  ['its first moment', [window('wed 20:00-23:00')], '2026-11-25T19:00Z', [true, null, '2026-11-25T22:00']],
  ['its last minute', [window('wed 20:00-23:00')], '2026-11-25T21:59Z', [true, null, '2026-11-25T22:00']],
  ['its end is outside', [window('wed 20:00-23:00')], '2026-11-25T22:00Z', [false, '2026-12-02T19:00', null]],
  ['over midnight, before it', [window('wed 22:00-02:00')], '2026-11-25T23:30Z', [true, null, '2026-11-26T01:00']],
  [
    'over midnight, on no other day',
    [window('wed 22:00-02:00')],
    '2026-11-25T00:30Z',
    [false, '2026-11-25T21:00', null],
  ],
  ['until 24:00', [window('wed 20:00-24:00')], '2026-11-25T22:59Z', [true, null, '2026-11-25T23:00']],
  ['whole days join', [window('sat sun 00:00-24:00')], '2026-11-28T12:00Z', [true, null, '2026-11-29T23:00']],
  ['always', [window('00:00-24:00')], '2026-11-25T12:00Z', [true, null, null]],
  [
    'overlapping ones are one',
    [window('wed 20:00-22:00'), window('wed 21:00-23:00')],
    '2026-11-25T19:30Z',
    [true, null, '2026-11-25T22:00'],
  ],
  [
    'adjacent ones are one',
    [window('wed 20:00-24:00'), window('thu 00:00-02:00')],
    '2026-11-25T22:30Z',
    [true, null, '2026-11-26T01:00'],
  ],
  [
    'one within another does not shorten it',
    [window('wed 20:00-23:00'), window('wed 21:00-22:00')],
    '2026-11-25T19:30Z',
    [true, null, '2026-11-25T22:00'],
  ],
  [
    'zones meet',
    [window('wed 20:00-23:00'), window('wed 17:00-18:00', newYork)],
    '2026-11-25T21:30Z',
    [true, null, '2026-11-25T23:00'],
  ],
  [
    'the day is that of the zone',
    [window('wed 20:00-23:00', newYork)],
    '2026-11-26T01:30Z',
    [true, null, '2026-11-26T04:00'],
  ],
])('%s', (_, windows, now, expected) => expect(state(windows, now)).toEqual(expected));

describe('daylight saving', () => {
  // Zurich: clocks go from 02:00 to 03:00 on 29 March and from 03:00 to 02:00 on 25 October, each at 01:00 UTC. New York: 8 March at 07:00 UTC,
  // 1 November at 06:00 UTC.
  test.each<[string, Window, string, readonly unknown[]]>([
    [
      'Zurich, the evening before spring',
      window('20:00-23:00'),
      '2026-03-28T12:00Z',
      [false, '2026-03-28T19:00', null],
    ],
    ['Zurich, the evening of spring', window('20:00-23:00'), '2026-03-29T12:00Z', [false, '2026-03-29T18:00', null]],
    ['Zurich, over spring', window('22:00-06:00'), '2026-03-28T22:00Z', [true, null, '2026-03-29T04:00']],
    ['Zurich, over autumn', window('22:00-06:00'), '2026-10-24T22:00Z', [true, null, '2026-10-25T05:00']],
    ['Zurich, the evening of autumn', window('20:00-23:00'), '2026-10-25T12:00Z', [false, '2026-10-25T19:00', null]],
    ['New York, over spring', window('22:00-06:00', newYork), '2026-03-08T04:00Z', [true, null, '2026-03-08T10:00']],
    ['New York, over autumn', window('22:00-06:00', newYork), '2026-11-01T04:00Z', [true, null, '2026-11-01T11:00']],
    ['begins in the skipped hour', window('sun 02:30-04:00'), '2026-03-29T00:59Z', [false, '2026-03-29T01:00', null]],
    ['has begun in the skipped hour', window('sun 02:30-04:00'), '2026-03-29T01:00Z', [true, null, '2026-03-29T02:00']],
    ['ends in the skipped hour', window('sun 01:00-02:30'), '2026-03-29T00:30Z', [true, null, '2026-03-29T01:00']],
    ['skipped as a whole', window('sun 02:10-02:50'), '2026-03-29T00:30Z', [false, '2026-04-05T00:10', null]],
    ['begins in the doubled hour', window('sun 02:30-04:00'), '2026-10-25T00:29Z', [false, '2026-10-25T00:30', null]],
    ['has begun in the doubled hour', window('sun 02:30-04:00'), '2026-10-25T00:30Z', [true, null, '2026-10-25T03:00']],
    ['is not open twice', window('sun 02:10-02:50'), '2026-10-25T01:20Z', [false, '2026-11-01T01:10', null]],
    [
      'in the doubled hour of New York',
      window('sun 01:30-03:00', newYork),
      '2026-11-01T05:30Z',
      [true, null, '2026-11-01T08:00'],
    ],
    [
      'in the skipped hour of New York',
      window('sun 02:30-03:30', newYork),
      '2026-03-08T06:00Z',
      [false, '2026-03-08T07:00', null],
    ],
  ])('%s', (_, one, now, expected) => expect(state([one], now)).toEqual(expected));
});

const STEP_MIN = 10;
const STEP_MS = STEP_MIN * 60_000;
/** Four days before and after a change of the clocks. */
const STEPS = (8 * 1440) / STEP_MIN;

const written = new Map<string, readonly string[]>();
/** What the clocks of a zone show at every step, such as `2026-03-29 03:00`. */
function shownAt(zone: string, start: number): readonly string[] {
  const known = written.get(`${zone} ${start}`);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const shown = Array.from({ length: STEPS }, (_, step) => clock.format(start + step * STEP_MS));
  written.set(`${zone} ${start}`, shown);
  return shown;
}

/** The same by reading the clock at every step: a window begins and ends when it first shows the time or a later one. */
function walk(windows: readonly Window[], start: number): readonly boolean[] {
  const open = Array.from({ length: STEPS }, () => false);
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', weekday: 'short' });
  for (const { days, from, to, zone } of windows) {
    const shown = shownAt(zone, start);
    const firstOf = (day: string, at: number): number => {
      const wanted = new Date(Date.parse(`${day}T00:00Z`) + at * 60_000).toISOString();
      const found = shown.findIndex((text) => text >= `${wanted.slice(0, 10)} ${wanted.slice(11, 16)}`);
      return found < 0 ? STEPS : found;
    };
    // Also those that the clocks skip, and the one before the first.
    for (let at = -1; at <= (STEPS * STEP_MIN) / 1440; at += 1) {
      const day = new Date(start + at * 86_400_000).toISOString().slice(0, 10);
      if (!days.includes(weekday.format(Date.parse(day)).toLowerCase() as Day)) continue;
      open.fill(true, firstOf(day, from), Math.max(firstOf(day, from), firstOf(day, to < from ? to + 1440 : to)));
    }
  }
  return open;
}

const zones = [
  'Europe/Zurich',
  newYork,
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'UTC',
  'America/Santiago',
  'Pacific/Apia',
];
const changes = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2011-12-30'];
const anyWindow = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1 }),
    from: fc.nat({ max: 143 }).map((steps) => steps * STEP_MIN),
    to: fc.nat({ max: 144 }).map((steps) => steps * STEP_MIN),
    zone: fc.constantFrom(...zones),
  })
  .filter(({ from, to }) => from !== to);

test('it is open when the clocks say so, around every change of the clocks', () => {
  const anyStep = fc.integer({ min: (3 * 1440) / STEP_MIN, max: (6 * 1440) / STEP_MIN });
  fc.assert(
    fc.property(
      fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...changes),
      fc.array(anyStep, { minLength: 5, maxLength: 20 }),
      (windows, day, steps) => {
        const start = Date.parse(day) - (STEPS / 2) * STEP_MS;
        const open = walk(windows, start);
        for (const step of steps) {
          const found = windowAt(windows, start + step * STEP_MS);
          const change = open.findIndex((is, at) => at > step && is !== open[step]);
          const until = change < 0 ? 'later' : start + change * STEP_MS;
          const at = found.open ? found.closesAt : found.opensAt;
          const known = at === null || at >= start + STEPS * STEP_MS ? 'later' : at;
          expect([found.open, known]).toEqual([open[step], until]);
        }
      },
    ),
    { numRuns: 100 },
  );
});
