/**
 * From a push to the image in the registry, for one changed file: beside Docker's client on a checkout that is ready (build and push), and
 * beside the script that Jenkins would run (clone, build and push). Slipway's time is from sending the signed webhook until the build is
 * `succeeded`, by which the registry has been asked whether it holds the image.
 */
import { Contest, oneFile, servicePath } from './support/contest.js';
import { inTurn, rounded, runs, type Figures } from './support/measure.js';
import { print, type Row } from './support/report.js';
import { writeServices, type ServiceShape } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';
import { stepTimes, summary, type StepTimes } from './support/steps.js';

interface Case {
  readonly name: string;
  readonly repository: string;
  readonly services: number;
  /** Of the service that is pushed; the others are small. */
  readonly shape: Omit<ServiceShape, 'path' | 'base' | 'seed'>;
  /** Whether the script is measured as well. */
  readonly script: boolean;
}

const small = { files: 60, fileBytes: 4000, libraries: 5, libraryBytes: 220_000, copy: 'apart' } as const;
const large = { files: 60, fileBytes: 4000, libraries: 40, libraryBytes: 4_000_000, copy: 'all' } as const;

const cases: readonly Case[] = [
  { name: 'one changed file, small context', repository: 'abc/small', services: 50, shape: small, script: true },
  { name: 'one changed file, COPY . . of 160 MB', repository: 'abc/large', services: 10, shape: large, script: false },
];

async function open({ repository, services, shape }: Case, stage: BenchStage): Promise<Contest> {
  const repo = await stage.repo(repository);
  const shapes = Array.from({ length: services }, (_, number): ServiceShape => {
    const path = number === 0 ? servicePath : `services/s${number}`;
    return { ...(number === 0 ? shape : small), path, base: stage.base, seed: number * 1000 };
  });
  await writeServices(repo, shapes);
  return Contest.open(stage, repo);
}

interface Measured {
  readonly times: Readonly<Record<'slipway' | 'client' | 'script', Figures>>;
  readonly steps: readonly StepTimes[];
}

async function measure(which: Case, stage: BenchStage): Promise<Measured> {
  const contest = await open(which, stage);
  const steps: StepTimes[] = [];
  // Reading an image back takes as long as making it: the first and the last are.
  const isChecked = (run: number) => run === 0 || run === runs;
  const times = await inTurn({
    async slipway(run) {
      const content = `slipway ${run}\n`;
      const { ms, build } = await contest.bySlipway(oneFile(content));
      if (isChecked(run)) await contest.expect('slipway', build.image?.tags[0] ?? '', content);
      if (run > 0) steps.push(stepTimes(build, ms));
      return ms;
    },
    async client(run) {
      const content = `client ${run}\n`;
      const ms = await contest.byClient(oneFile(content), String(run));
      if (isChecked(run)) await contest.expect('client', String(run), content);
      return ms;
    },
    async script(run) {
      if (!which.script) return NaN;
      const content = `script ${run}\n`;
      const ms = await contest.byScript(oneFile(content), String(run));
      if (isChecked(run)) await contest.expect('script', String(run), content);
      return ms;
    },
  });
  await contest.close();
  return { times, steps };
}

function rowsOf({ name, script }: Case, { times }: Measured): readonly Row[] {
  const { slipway } = times;
  const beside = (what: string, peer: Row['peer'] & object, figures: Figures, most: number): Row => {
    const ratio = rounded(slipway.median / figures.median);
    return { name: what, unit: 'ms', slipway, peer, ratio, goal: `≤ ${most.toFixed(1)}`, met: ratio <= most };
  };
  const client = { name: "Docker's client", figures: times.client };
  const classic = { name: 'clone, build, push', figures: times.script };
  return [
    beside(name, client, times.client, 1),
    ...(script ? [beside('the same; 67 MB, 50 services', classic, times.script, 0.1)] : []),
  ];
}

await onStage(async (stage) => {
  const chosen = cases.filter(({ repository }) => repository.includes(process.env['BENCH_CASE'] ?? ''));
  const rows: Row[] = [];
  const slipwaySteps: Record<string, StepTimes> = {};
  for (const which of chosen) {
    const measured = await measure(which, stage);
    rows.push(...rowsOf(which, measured));
    slipwaySteps[which.name] = summary(measured.steps);
  }
  print({ bench: 'push', rows, more: { slipwaySteps } }, ['docker', 'engine', 'registry', 'git']);
});
