/**
 * From a push to the image in the registry, for one changed file: beside Docker's client on a checkout that is ready (build and push), and
 * beside the script that Jenkins would run (clone, build and push). Slipway's time is from sending the signed webhook until the build is
 * `succeeded`, by which the registry has been asked whether it holds the image.
 */
import { join } from 'node:path';
import type { TestRepo } from '../test/support/git.js';
import { Checkout } from './support/checkout.js';
import { inTurn, rounded, runs, timed, type Figures } from './support/measure.js';
import { expectPushed } from './support/pushed.js';
import { print, type Row } from './support/report.js';
import { changedFile, writeServices, type ServiceShape } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';
import { stepTimes, summary, type StepTimes } from './support/steps.js';

interface Case {
  readonly name: string;
  readonly repository: string;
  readonly services: number;
  /** Of the service that is pushed. */
  readonly shape: Omit<ServiceShape, 'path' | 'base' | 'seed'>;
  readonly script: boolean;
}

const small = { files: 60, fileBytes: 4000, libraries: 5, libraryBytes: 220_000, copy: 'apart' } as const;
const large = { files: 60, fileBytes: 4000, libraries: 40, libraryBytes: 4_000_000, copy: 'all' } as const;

const cases: readonly Case[] = [
  { name: 'one changed file, small context', repository: 'abc/small', services: 50, shape: small, script: true },
  { name: 'one changed file, COPY . . of 160 MB', repository: 'abc/large', services: 10, shape: large, script: false },
];

async function prepare({ repository, services, shape }: Case, { base, repo }: BenchStage): Promise<TestRepo> {
  const made = await repo(repository);
  const all = Array.from({ length: services }, (_, number): ServiceShape => {
    const own = number === 0 ? shape : small;
    return { ...own, path: `services/s${number}`, base, seed: number * 1000 };
  });
  await writeServices(made, all);
  return made;
}

interface Measured {
  readonly times: Readonly<Record<'slipway' | 'client' | 'script', Figures>>;
  readonly steps: readonly StepTimes[];
}

async function measure(which: Case, stage: BenchStage): Promise<Measured> {
  const { repository, script } = which;
  const { docker, registry, dir, cloneUrl } = stage;
  const repo = await prepare(which, stage);
  const image = repository.replace('/', '-');
  const slipway = await stage.slipway({
    name: image,
    services: { [image]: { repository, path: 'services/s0' } },
  });
  const checkout = await Checkout.clone(join(dir, `${image}-checkout`), cloneUrl, repository);
  const steps: StepTimes[] = [];
  // Each way has content of its own: what one has built is no help for the others.
  const change = (content: string) => repo.commit({ files: { [changedFile('services/s0')]: content } });
  const check = async (run: number, of: string, tag: string, content: string) => {
    // Reading an image takes as long as making it.
    if (run !== 0 && run !== runs) return;
    await expectPushed({ host: registry, repository: of, tag }, 'app/src/changed.txt', content);
  };
  const viaScript = async (run: number): Promise<number> => {
    const content = `script ${run}\n`;
    await change(content);
    const name = `${registry}/script-${image}:${run}`;
    let made: Checkout | null = null;
    const time = await timed(async () => {
      made = await Checkout.clone(join(dir, `${image}-clone`), cloneUrl, repository);
      await docker.buildAndPush({ folder: join(made.folder, 'services/s0'), dockerfile: 'Dockerfile', name });
    });
    (made as Checkout | null)?.remove();
    await check(run, `script-${image}`, String(run), content);
    return time;
  };
  const times = await inTurn({
    async slipway(run) {
      const content = `slipway ${run}\n`;
      const { ms, builds } = await slipway.pushed(repository, await change(content));
      const [build] = builds;
      if (build?.outcome !== 'built') throw new Error(`The push led to ${JSON.stringify(builds)}`);
      await check(run, image, build.image?.tags[0] ?? '', content);
      if (run > 0) steps.push(stepTimes(build, ms));
      return ms;
    },
    async client(run) {
      const content = `client ${run}\n`;
      await change(content);
      await checkout.update();
      const name = `${registry}/client-${image}:${run}`;
      const folder = join(checkout.folder, 'services/s0');
      const time = await timed(() => docker.buildAndPush({ folder, dockerfile: 'Dockerfile', name }));
      await check(run, `client-${image}`, String(run), content);
      return time;
    },
    script: (run) => (script ? viaScript(run) : Promise.resolve(NaN)),
  });
  await slipway.stop();
  return { times, steps };
}

function rowsOf({ name, script }: Case, { times }: Measured): readonly Row[] {
  const { slipway, client } = times;
  const unit = 'ms';
  const ratio = rounded(slipway.median / client.median);
  const first: Row = {
    name,
    unit,
    slipway,
    peer: { name: "Docker's client", figures: client },
    ratio,
    goal: '≤ 1.0',
    met: ratio <= 1,
  };
  if (!script) return [first];
  const times10 = rounded(slipway.median / times.script.median);
  const peer = { name: 'clone, build, push', figures: times.script };
  return [
    first,
    { name: 'the same, 67 MB, 50 services', unit, slipway, peer, ratio: times10, goal: '≤ 0.1', met: times10 <= 0.1 },
  ];
}

await onStage(async (stage) => {
  const chosen = cases.filter(({ repository }) => repository.includes(process.env['BENCH_CASE'] ?? ''));
  const rows: Row[] = [];
  const steps: Record<string, unknown> = {};
  for (const which of chosen) {
    const measured = await measure(which, stage);
    rows.push(...rowsOf(which, measured));
    steps[which.name] = summary(measured.steps);
  }
  print({ bench: 'push', rows, more: { slipwaySteps: steps } }, ['docker', 'engine', 'registry', 'git']);
});
