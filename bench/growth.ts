/**
 * How the time from a push to the image grows with the repository: its size, its files and its services, while the service that is pushed
 * stays as it is. Beside Docker's client on a checkout that is ready. Writes docs/growth.svg.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/parts.mjs';
import { chart, type Panel } from './support/chart.js';
import { Contest, oneFile, servicePath } from './support/contest.js';
import { inTurn, rounded, type Figures } from './support/measure.js';
import { print, type Row } from './support/report.js';
import { writeServices, type ServiceShape } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';

type Shape = Pick<ServiceShape, 'files' | 'fileBytes' | 'libraries' | 'libraryBytes'>;

interface Axis {
  readonly title: string;
  readonly name: string;
  readonly sizes: readonly number[];
  /** What else is in the repository, so that it has that size. */
  readonly others: (size: number) => { readonly count: number; readonly shape: Shape };
  /** Whether Slipway has the others among its services too. */
  readonly configured: boolean;
}

const pushed: Shape = { files: 60, fileBytes: 4000, libraries: 2, libraryBytes: 100_000 };

const axes: readonly Axis[] = [
  {
    title: 'megabytes in the repository',
    name: 'megabytes',
    sizes: [10, 40, 160, 640],
    others: (size) => ({ count: 10, shape: { ...pushed, libraries: 10, libraryBytes: size * 10_000 } }),
    configured: false,
  },
  {
    title: 'files in the repository',
    name: 'files',
    sizes: [1000, 5000, 25_000, 100_000],
    others: (size) => ({ count: 10, shape: { files: size / 10, fileBytes: 400, libraries: 1, libraryBytes: 400 } }),
    configured: false,
  },
  {
    title: 'services of the repository',
    name: 'services',
    sizes: [1, 5, 25, 125],
    others: (size) => ({ count: size - 1, shape: { ...pushed, files: 20 } }),
    configured: true,
  },
];

interface Point {
  readonly slipway: Figures;
  readonly client: Figures;
}

async function measure(axis: Axis, size: number, stage: BenchStage): Promise<Point> {
  const repo = await stage.repo(`abc/${axis.name}-${size}`);
  await repo.git('config', 'core.compression', '0');
  await repo.git('config', 'pack.window', '0');
  const { count, shape } = axis.others(size);
  const common = { base: stage.base, copy: 'apart' } as const;
  const paths = Array.from({ length: count }, (_, number) => `services/other${number}`);
  await writeServices(repo, [
    { ...pushed, ...common, path: servicePath, seed: 1 },
    ...paths.map((path, number) => ({ ...shape, ...common, path, seed: (number + 1) * 200_000 })),
  ]);
  // Only what the pushed service needs is built: the others wait on a branch that never comes.
  const others = paths.map((path, number) => [
    `other-${axis.name}-${size}-${number}`,
    { repository: repo.name, path, branches: ['main'], trigger: 'artifact', artifact: `${path}/lib/made.bin` },
  ]);
  const contest = await Contest.open(stage, repo, axis.configured ? Object.fromEntries(others) : {});
  const figures = await inTurn({
    slipway: async (run) => (await contest.bySlipway(oneFile(`slipway ${run}\n`))).ms,
    client: (run) => contest.byClient(oneFile(`client ${run}\n`), String(run)),
  });
  await contest.close();
  return figures;
}

await onStage(async (stage) => {
  const rows: Row[] = [];
  const panels: Panel[] = [];
  for (const axis of axes) {
    const points: (readonly [number, Point])[] = [];
    for (const size of axis.sizes) {
      const point = await measure(axis, size, stage);
      points.push([size, point]);
      const { slipway, client } = point;
      const peer = { name: "Docker's client", figures: client };
      const ratio = rounded(slipway.median / client.median);
      rows.push({ name: `${size.toLocaleString('en')} ${axis.name}`, unit: 'ms', slipway, peer, ratio });
    }
    const curve = (of: keyof Point) => points.map(([size, point]) => [size, point[of].median] as const);
    const slipway = { name: 'Slipway', color: '#0969da', points: curve('slipway') };
    const client = { name: 'Docker’s client, ready checkout', color: '#bc4c00', points: curve('client') };
    panels.push({ title: axis.title, series: [slipway, client] });
  }
  writeFileSync(join(root, 'docs/growth.svg'), chart('One changed file, push to image', 'milliseconds', panels));
  print({ bench: 'growth', rows }, ['docker', 'engine', 'registry', 'git']);
});
