/**
 * The first push of a repository with 41 services: every image is built and pushed for the first time. Beside the script (clone, build, push)
 * in a loop, as 41 jobs that have nothing of each other run it, and beside one job that clones once.
 */
import { join } from 'node:path';
import type { TestRepo } from '../test/support/git.js';
import { Checkout } from './support/checkout.js';
import { inTurn, rounded, runs, timed, type Figures } from './support/measure.js';
import { expectPushed } from './support/pushed.js';
import { print, type Row } from './support/report.js';
import { writeServices } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';

const count = 41;
const concurrency = Number(process.env['BENCH_CONCURRENCY'] ?? 2);
const shape = { files: 60, fileBytes: 4000, libraries: 1, libraryBytes: 110_000, copy: 'apart' } as const;
const numbers = Array.from({ length: count }, (_, number) => number);

const sides = ['slipway', 'loop', 'once'] as const;
type Side = (typeof sides)[number];

/** A repository for each run and side: a first push is one only once. */
async function repository(stage: BenchStage, by: Side, run: number): Promise<[TestRepo, string]> {
  const repo = await stage.repo(`abc/${by}-${run}`);
  const seed = (number: number) => ((sides.indexOf(by) * 100 + run) * 100 + number) * 100;
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
  const byScript = async (by: 'loop' | 'once', run: number): Promise<number> => {
    const [repo] = await repository(stage, by, run);
    const folder = join(dir, 'clone');
    const clone = () => Checkout.clone(folder, cloneUrl, repo.name);
    const time = await timed(async () => {
      let checkout = await clone();
      for (const number of numbers) {
        const name = `${registry}/${image(by, run, number)}:1`;
        const context = join(checkout.folder, `services/s${number}`);
        await docker.buildAndPush({ folder: context, dockerfile: 'Dockerfile', name });
        if (by === 'once' || number === count - 1) continue;
        checkout.remove();
        checkout = await clone();
      }
      checkout.remove();
    });
    await check(by, run, '1');
    return time;
  };
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
    loop: (run) => byScript('loop', run),
    once: (run) => byScript('once', run),
  });
  const beside = (name: string, figures: Figures, most: number | null): Row => {
    const ratio = rounded(times.slipway.median / figures.median);
    const row = { name: `${count} services, first push`, unit: 'ms', slipway: times.slipway, ratio } as const;
    return { ...row, peer: { name, figures }, ...(most !== null && { goal: `≤ ${most}`, met: ratio <= most }) };
  };
  const rows = [
    beside('clone, build, push in a loop', times.loop, 0.5),
    beside('one clone, then build and push', times.once, null),
  ];
  print({ bench: 'services', rows, more: { concurrency } }, ['docker', 'engine', 'registry', 'git']);
});
