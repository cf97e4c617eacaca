import { beginsAt, follow, type FollowFacts } from '../../../src/decide/follow.js';

/** Release 5 was made at 100; 4 is desired and was asked for by following. */
const facts: FollowFacts = {
  ...{ branch: 'main', settled: 4, release: { number: 5, createdAt: 100 } },
  desired: { number: 4, wanted: 'running', askedAt: null },
  ...{ wasAsked: false, blocked: false, unfinished: [] },
};
const desired = (over: Partial<NonNullable<FollowFacts['desired']>>) => ({
  desired: { number: 4, wanted: 'running' as const, askedAt: null, ...over },
});
const waits = (createdAt: number, person = true, over: Partial<FollowFacts['unfinished'][number]> = {}) => ({
  unfinished: [{ requester: { by: 'someone', person }, createdAt, build: null, release: null, ...over }],
});
const awaits = (branch: string) => waits(50, true, { build: { id: 'b', branch } });

test.each<[string, Partial<FollowFacts>, string]>([
  ['a newer release', {}, 'ask'],
  ['where nothing is desired', { desired: null, settled: 0 }, 'ask'],
  ['no release that may be asked for', { release: null }, 'wait no-release'],
  ['one that is settled', { settled: 5 }, 'wait no-release'],
  ['one before those that are settled', { settled: 9 }, 'wait no-release'],
  ['one that is desired', desired({ number: 5 }), 'settle older'],
  ['one older than what is desired', desired({ number: 6 }), 'settle older'],
  ['one that somebody asked for', { wasAsked: true }, 'settle asked'],
  ['one that is blocked', { blocked: true }, 'settle blocked'],
  ['one made after a ticket', desired({ askedAt: 99 }), 'ask'],
  ['one made before a ticket or a rollback', desired({ askedAt: 100 }), 'settle decided'],
  ['where it was stopped', desired({ wanted: 'stopped' }), 'wait stopped'],
  ['one made before a ticket that was stopped', desired({ wanted: 'stopped', askedAt: 101 }), 'settle decided'],
  ['one made after a ticket that goes on', waits(99), 'ask'],
  ['one made before a ticket that goes on', waits(100), 'wait ticket'],
  ['while Slipway is at work there', waits(100, false), 'ask'],
  ['while a ticket waits for a build of the branch', awaits('main'), 'wait build'],
  ['while a ticket waits for a build of another branch', awaits('release/1'), 'ask'],
])('%s', (_, over, expected) => {
  const { step, ...rest } = follow({ ...facts, ...over });
  expect(['why' in rest ? `${step} ${rest.why}` : step, 'number' in rest ? rest.number : 5]).toEqual([expected, 5]);
});

test.each([
  [7, 0, false, 0],
  [7, 0, true, 7],
  [7, 3, false, 3],
  [7, 3, true, 7],
  [7, 9, true, 9],
])(
  'with release %i, %i settled before and something desired (%s), it begins at %i',
  (newest, settled, any, expected) => {
    expect(beginsAt(newest, settled, any)).toBe(expected);
  },
);
