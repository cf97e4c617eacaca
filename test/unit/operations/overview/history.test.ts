import { Histories } from '../../../../src/operations/overview/history.js';
import type { EndedBuild, Overviews } from '../../../../src/store/contract.js';

const main = { service: 'app', branch: 'main' };

/** One branch, whose builds end one after another; each takes as many milliseconds as a test says. */
function past() {
  const ended: EndedBuild[] = [];
  const skips: { service: string; branch: string; at: number }[] = [];
  let now = 0;
  const store: Overviews = {
    revision: () => ({ changes: 0, removals: 0 }),
    since: async () => ({ branches: [], mark: { build: 0, decision: 0 } }),
    inFlight: async () => [],
    ended: async (_, limit, status) =>
      [...ended]
        .reverse()
        .filter((build) => status === undefined || build.status === status)
        .slice(0, limit),
    skips: async (_, limit) => [...skips].reverse().slice(0, limit),
    decided: async () => [],
    images: async () => [],
    details: async (ids) => ids.map((id) => ({ id, commit: 'c', queuedAt: 0, reason: '', error: null })),
  };
  return {
    end(status: EndedBuild['status'], ms: number | null = 1000, outcome: EndedBuild['outcome'] = null) {
      now += 100_000;
      const startedAt = ms === null ? null : now - ms;
      ended.push({ ...main, id: `b${ended.length + 1}`, status, outcome, startedAt, finishedAt: now });
    },
    skip: () => void skips.push({ ...main, at: (now += 100_000) }),
    async history() {
      const histories = new Histories(() => store);
      await histories.read([main]);
      return histories.of(main);
    },
  };
}

test('nothing is known of a branch without a past', async () => {
  expect(await past().history()).toEqual({
    ...{ decision: null, image: null, last: null, at: null, expectedMs: null, outcomes: '' },
  });
});

test('there is a letter for each end and each skip, the oldest first', async () => {
  const { end, skip, history } = past();
  end('succeeded', 1, 'built');
  end('failed');
  skip();
  end('canceled');
  end('superseded', null);
  skip();
  end('succeeded', 1, 'reused');
  expect((await history()).outcomes).toBe('bf-cs-r');
});

test('of many things that happened the last twenty have a letter', async () => {
  const { end, skip, history } = past();
  for (let number = 0; number < 30; number += 1) {
    end(number % 3 === 0 ? 'failed' : 'succeeded');
    skip();
  }
  expect((await history()).outcomes).toBe('b-f-b-b-f-b-b-f-b-b-'.slice(-20));
});

test.each<[string, readonly number[], number | null]>([
  ['no success', [], null],
  ['one', [7000], 7000],
  ['two: their middle', [1000, 4001], 2501],
  ['three', [9000, 1000, 2000], 2000],
  ['more than five: the last five', [90_000, 90_000, 90_000, 1000, 2000, 3000, 4000, 5000], 3000],
])('a build is expected to take the median: %s', async (_, times, expected) => {
  const { end, history } = past();
  for (const ms of times) {
    end('succeeded', ms);
    end('failed', 1);
  }
  expect((await history()).expectedMs).toBe(expected);
});

test('successes before the last twenty ends count for the expected time', async () => {
  const { end, history } = past();
  end('succeeded', 5000);
  for (let number = 0; number < 25; number += 1) end('failed', 1);
  const { expectedMs, outcomes } = await history();
  expect([expectedMs, outcomes]).toEqual([5000, 'f'.repeat(20)]);
});

test('the last build is the newest that was not overtaken, or else the newest', async () => {
  const { end, history } = past();
  end('superseded', null);
  end('superseded', null);
  expect((await history()).last?.id).toBe('b2');
  end('failed');
  end('superseded', null);
  expect(await history()).toMatchObject({ last: { id: 'b3', status: 'failed' }, at: 400_000 });
});
