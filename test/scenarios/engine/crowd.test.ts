/** Many deliveries at once, on real parts. */
import type { BuildRow } from '../../support/slipway.js';
import { openStage, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const concurrency = 2;

/** Greatest number of builds that ran at one time. */
function mostAtOnce(builds: readonly BuildRow[]): number {
  const changes = builds
    .flatMap(({ startedAt, finishedAt }) => [
      { at: Date.parse(startedAt ?? ''), by: 1 },
      { at: Date.parse(finishedAt ?? ''), by: -1 },
    ])
    .sort((one, other) => one.at - other.at || one.by - other.by);
  let running = 0;
  return Math.max(...changes.map(({ by }) => (running += by)));
}

test('sixteen deliveries at once for eight services all come to an end, in order and within the limit', async () => {
  const slipway = await stage.slipway({
    services: Object.fromEntries(names.map((name) => [name, { repository: `abc/${name}` }])),
  });
  const pushes = await Promise.all(
    names.map(async (name) => {
      const repo = await stage.repo(`abc/${name}`);
      const dockerfile = `FROM ${stage.base}\nCOPY main.txt /\n`;
      const first = await repo.commit({ files: { Dockerfile: dockerfile, 'main.txt': `${name} 1` } });
      const second = await repo.commit({ files: { 'main.txt': `${name} 2` } });
      return { name, first, second };
    }),
  );
  const deliveries = await Promise.all(
    pushes.flatMap(({ name, first, second }) => [
      slipway.deliver(`abc/${name}`, 'main', { after: first }),
      slipway.deliver(`abc/${name}`, 'main', { before: first, after: second }),
    ]),
  );
  expect(new Set(deliveries).size).toBe(16);
  for (const id of deliveries) expect(await slipway.decisions(id)).toHaveLength(1);
  await slipway.quiet();

  const builds = await slipway.builds();
  expect(mostAtOnce(builds)).toBe(concurrency);
  for (const { name, second } of pushes) {
    const own = builds.filter(({ service }) => service === name);
    expect(mostAtOnce(own)).toBe(1);
    expect(own.map(({ status, commit }) => [status, commit])).toEqual([['succeeded', second]]);
    expect((await stage.pushed(name, 'main')).digest).toBe(own[0]?.image?.digest);
  }
}, 120_000);
