/**
 * The first push of a repository with 41 services: every image is built and pushed for the first time. Beside the script that clones once and
 * then builds and pushes one service after the other.
 */
import { join } from 'node:path';
import type { TestRepo } from '../test/support/git.js';
import { Checkout } from './support/checkout.js';
import { inTurn, rounded, runs, timed } from './support/measure.js';
import { expectPushed } from './support/pushed.js';
import { print } from './support/report.js';
import { writeServices } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';

const count = 41;
const concurrency = Number(process.env['BENCH_CONCURRENCY'] ?? 2);
const shape = { files: 60, fileBytes: 4000, libraries: 5, libraryBytes: 220_000, copy: 'apart' } as const;
const numbers = Array.from({ length: count }, (_, number) => number);

/** A repository for each run and side: a first push is one only once. */
async function repository(stage: BenchStage, by: 'slipway' | 'script', run: number): Promise<[TestRepo, string]> {
  const repo = await stage.repo(`abc/${by}-${run}`);
  const seed = (number: number) => (((by === 'script' ? 1000 : 0) + run) * 100 + number) * 1000;
  const shapes = numbers.map((number) => ({
    ...shape,
    path: `services/s${number}`,
    base: stage.base,
    seed: seed(number),
  }));
  return [repo, await writeServices(repo, shapes)];
}

await onStage(async (stage) => {
  const { registry, docker, dir, cloneUrl } = stage;
  const image = (by: string, run: number, number: number) => `${by}-${run}-s${number}`;
  const check = (by: string, run: number, tag: string) =>
    expectPushed({ host: registry, repository: image(by, run, 0), tag }, 'app/src/changed.txt', 'first\n');
  const services = Object.fromEntries(
    Array.from({ length: runs + 1 }, (_, run) => run).flatMap((run) =>
      numbers.map((number) => [
        image('slipway', run, number),
        { repository: `abc/slipway-${run}`, path: `services/s${number}` },
      ]),
    ),
  );
  const slipway = await stage.slipway({ services, concurrency });
  const times = await inTurn({
    async slipway(run) {
      const [repo, commit] = await repository(stage, 'slipway', run);
      const { ms, builds } = await slipway.pushed(repo.name, commit);
      if (builds.length !== count) throw new Error(`The push led to ${builds.length} builds.`);
      const first = builds.find(({ service }) => service === image('slipway', run, 0));
      await check('slipway', run, first?.image?.tags[0] ?? '');
      return ms;
    },
    async script(run) {
      const [repo] = await repository(stage, 'script', run);
      const folder = join(dir, 'clone');
      const time = await timed(async () => {
        const checkout = await Checkout.clone(folder, cloneUrl, repo.name);
        for (const number of numbers) {
          const name = `${registry}/${image('script', run, number)}:1`;
          const context = join(checkout.folder, `services/s${number}`);
          await docker.buildAndPush({ folder: context, dockerfile: 'Dockerfile', name });
        }
      });
      new Checkout(folder, 'main').remove();
      await check('script', run, '1');
      return time;
    },
  });
  const ratio = rounded(times.slipway.median / times.script.median);
  const peer = { name: 'the script in a loop', figures: times.script };
  const row = { name: `${count} services, first push`, unit: 'ms', slipway: times.slipway, peer, ratio } as const;
  print({ bench: 'services', rows: [{ ...row, goal: '≤ 0.5', met: ratio <= 0.5 }], more: { concurrency } }, [
    'docker',
    'engine',
    'registry',
    'git',
  ]);
});
