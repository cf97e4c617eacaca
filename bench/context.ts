/**
 * Large contexts: 1 GB, and 100,000 files, of which a push changes one. Beside Docker's client on a checkout that is ready. The gigabyte
 * is in a layer below the changed file's: packing and pushing so much is the engine's work alone and would hide what is measured.
 */
import { Contest, oneFile, servicePath } from './support/contest.js';
import { inTurn, rounded, runs } from './support/measure.js';
import { peakMemory } from './support/process.js';
import { print, type Row } from './support/report.js';
import { writeServices, type ServiceShape } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';
import { stepTimes, summary, type StepTimes } from './support/steps.js';

interface Case {
  readonly name: string;
  readonly repository: string;
  readonly shape: Omit<ServiceShape, 'path' | 'base' | 'seed'>;
}

const cases: readonly Case[] = [
  {
    name: '1 GB, one changed file',
    repository: 'abc/gigabyte',
    shape: { files: 60, fileBytes: 4000, libraries: 125, libraryBytes: 8_000_000, copy: 'apart' },
  },
  {
    name: '100,000 files, one changed',
    repository: 'abc/many-files',
    shape: { files: 100_000, fileBytes: 200, libraries: 1, libraryBytes: 200, copy: 'all' },
  },
];

const mostMemory = 200;

async function measure({ name, repository, shape }: Case, stage: BenchStage) {
  const repo = await stage.repo(repository);
  // Only the time to prepare this: git would compress what is not here to be compressed.
  await repo.git('config', 'core.compression', '0');
  await repo.git('config', 'pack.window', '0');
  await writeServices(repo, [{ ...shape, path: servicePath, base: stage.base, seed: 1 }]);
  const contest = await Contest.open(stage, repo);
  const steps: StepTimes[] = [];
  const isLast = (run: number) => run === runs;
  const { slipway, client } = await inTurn({
    async slipway(run) {
      const content = `slipway ${run}\n`;
      const { ms, build } = await contest.bySlipway(oneFile(content));
      if (isLast(run)) await contest.expect('slipway', build.image?.tags[0] ?? '', content);
      if (run > 0) steps.push(stepTimes(build, ms));
      return ms;
    },
    async client(run) {
      const content = `client ${run}\n`;
      const ms = await contest.byClient(oneFile(content), String(run));
      if (isLast(run)) await contest.expect('client', String(run), content);
      return ms;
    },
  });
  const memory = peakMemory(contest.slipway.pid);
  await contest.close();
  const ratio = rounded(slipway.median / client.median);
  const peer = { name: "Docker's client", figures: client };
  const rows: readonly Row[] = [
    { name, unit: 'ms', slipway, peer, ratio, goal: '≤ 1.0', met: ratio <= 1 },
    {
      name: `  Slipway's peak memory`,
      unit: 'MiB',
      slipway: memory,
      goal: `≤ ${mostMemory} MiB`,
      met: memory <= mostMemory,
    },
  ];
  return { rows, steps: summary(steps) };
}

await onStage(async (stage) => {
  const chosen = cases.filter(({ repository }) => repository.includes(process.env['BENCH_CASE'] ?? ''));
  const rows: Row[] = [];
  const slipwaySteps: Record<string, StepTimes> = {};
  for (const which of chosen) {
    const measured = await measure(which, stage);
    rows.push(...measured.rows);
    slipwaySteps[which.name] = measured.steps;
  }
  print({ bench: 'context', rows, more: { slipwaySteps } }, ['docker', 'engine', 'registry', 'git']);
});
