import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, claim, head, newBuild, success } from './store-samples.js';

/** Which step wrote what of a log, and when; what is known of steps; the Dockerfiles that builds used. */
export function logStepContract(open: OpenStore): void {
  let now = 5000;
  const under = storeForEachTest(open, { logLimit: 1000, now: () => now });
  beforeEach(() => (now = 5000));
  const by = (step: number | null, at = 1, opens = false) => ({ at, step, opens });

  test('what one step writes without a break is one chunk, with the time of its beginning', async () => {
    const { logs } = under.store;
    const attempt = await begin(under.store);
    await Promise.all([
      logs.append(attempt, 'a\n', by(0, 10)),
      logs.append(attempt, 'b\n', by(0, 11)),
      logs.append(attempt, 'c\n', by(1, 12)),
      logs.append(attempt, '', by(1, 13)),
      logs.append(attempt, 'd\n', by(0, 14)),
      logs.append(attempt, 'e\n', by(null, 15)),
      logs.append(attempt, 'f\n'),
    ]);
    const chunks = [
      { number: 0, at: 10, step: 0, text: 'a\nb\n' },
      { number: 1, at: 12, step: 1, text: 'c\n' },
      { number: 2, at: 14, step: 0, text: 'd\n' },
      { number: 3, at: 15, step: null, text: 'e\nf\n' },
    ];
    expect(await logs.chunks(attempt.id, 0)).toEqual(chunks);
    expect(await logs.chunks(attempt.id, 2)).toEqual(chunks.slice(2));
    expect(await logs.read(attempt.id, 1)).toEqual({ text: 'c\nd\ne\nf\n', next: 4 });
  });

  test('a step knows its first line, and what the engine said of it', async () => {
    const { logs, queue, builds } = under.store;
    const attempt = await begin(under.store);
    await Promise.all([
      queue.steps(attempt, [
        { name: 'fetch', startedAt: 1, kind: 'slipway', reused: true },
        { name: '[2/3] RUN a', startedAt: 2, kind: 'dockerfile', dockerfile: { from: 4, to: 6 } },
        { name: 'exporting', startedAt: 3, kind: 'engine' },
        { name: '[2/3] RUN a', finishedAt: 4, cached: true },
      ]),
      logs.append(attempt, 'one\ntwo\n', by(0, 1, true)),
      logs.append(attempt, 'three\n', by(1, 1, true)),
    ]);
    await logs.append(attempt, 'four\n', by(0, 2));
    await logs.append(attempt, 'five\n', by(2, 3, true));
    const of = { kind: 'slipway', cached: false, reused: false, dockerfile: null, finishedAt: null } as const;
    expect((await builds.get(attempt.id))?.steps).toEqual([
      { ...of, name: 'fetch', startedAt: 1, reused: true, line: 1 },
      {
        ...{ ...of, name: '[2/3] RUN a', kind: 'dockerfile', startedAt: 2, finishedAt: 4, cached: true, line: 3 },
        dockerfile: { from: 4, to: 6 },
      },
      { ...of, name: 'exporting', kind: 'engine', startedAt: 3, line: 5 },
    ]);
  });

  test('the next attempt lists its own steps, and text of the one before belongs to none', async () => {
    const { logs, queue, builds } = under.store;
    const attempt = await begin(under.store);
    await queue.steps(attempt, [{ name: 'fetch', startedAt: 1 }]);
    await logs.append(attempt, 'one\n', by(0, 7, true));
    await queue.putBack(attempt, 0, true);
    await claim(under.store);
    const again = { id: attempt.id, claim: attempt.claim + 1 };
    await Promise.all([
      queue.steps(again, [{ name: 'fetch', startedAt: 2 }]),
      logs.append(again, 'two\n', by(0, 8, true)),
    ]);
    expect((await logs.chunks(attempt.id, 0)).map(({ at, step }) => [at, step])).toEqual([
      [7, null],
      [8, 0],
    ]);
    expect((await builds.get(attempt.id))?.steps).toMatchObject([{ startedAt: 2, line: 2 }]);
  });

  test('a Dockerfile is kept as long as the log of a build that used it', async () => {
    const { logs, queue, builds, housekeeping } = under.store;
    const dockerfileText = { digest: 'sha256:1', text: 'FROM scratch\n' };
    const ids: string[] = [];
    for (const at of [2000, 4000]) {
      now = at;
      const attempt = await begin(under.store, newBuild({ commit: head(at === 2000 ? 'a' : 'b') }));
      expect(await builds.dockerfile(attempt.id)).toBeNull();
      expect(await queue.progress(attempt, { dockerfileText })).toBe(true);
      expect(await queue.progress({ ...attempt, claim: 9 }, { dockerfileText: { digest: '2', text: '' } })).toBe(false);
      await logs.append(attempt, 'text');
      await queue.finish(attempt, success(), at, []);
      ids.push(attempt.id);
    }
    const kept = () => Promise.all(ids.map((id) => builds.dockerfile(id)));
    expect(await kept()).toEqual(['FROM scratch\n', 'FROM scratch\n']);
    await housekeeping.clean(3000);
    expect(await kept()).toEqual([null, 'FROM scratch\n']);
    await housekeeping.clean(5000);
    expect(await kept()).toEqual([null, null]);
    expect(await builds.dockerfile('nothing')).toBeNull();
  });
}
