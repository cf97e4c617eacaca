/**
 * A new commit whose image would be made of the same inputs: what it changes is in the service's regions and not in its context. Slipway
 * finds the image by its fingerprint and gives it the new tags; Docker's client builds with everything in the engine's cache and pushes
 * what the registry holds already.
 */
import { Contest, servicePath } from './support/contest.js';
import { inTurn, rounded } from './support/measure.js';
import { print } from './support/report.js';
import { writeServices } from './support/sources.js';
import { onStage } from './support/stage.js';
import { stepTimes, summary, type StepTimes } from './support/steps.js';

const shape = { files: 60, fileBytes: 4000, libraries: 5, libraryBytes: 220_000, copy: 'apart', seed: 1 } as const;

await onStage(async (stage) => {
  const repo = await stage.repo('abc/reuse');
  await writeServices(repo, [{ ...shape, path: servicePath, base: stage.base }]);
  const contest = await Contest.open(stage, repo);
  const content = 'first\n';
  const steps: StepTimes[] = [];
  // A file that .dockerignore keeps from the engine.
  const readme = (by: string, run: number) => ({ [`${servicePath}/README.md`]: `${by} ${run}\n` });
  await contest.bySlipway(readme('slipway', -1));
  const { slipway, client } = await inTurn({
    async slipway(run) {
      const { ms, build } = await contest.bySlipway(readme('slipway', run), 'reused');
      await contest.expect('slipway', build.image?.tags[0] ?? '', content);
      if (run > 0) steps.push(stepTimes(build, ms));
      return ms;
    },
    async client(run) {
      const ms = await contest.byClient(readme('client', run), String(run));
      await contest.expect('client', String(run), content);
      return ms;
    },
  });
  const ratio = rounded(slipway.median / client.median);
  const row = {
    name: 'same inputs, new commit',
    unit: 'ms',
    slipway,
    ratio,
    goal: '≤ 0.5',
    met: ratio <= 0.5,
  } as const;
  print(
    {
      bench: 'reuse',
      rows: [{ ...row, peer: { name: "Docker's client", figures: client } }],
      more: { slipwaySteps: summary(steps) },
    },
    ['docker', 'engine', 'registry', 'git'],
  );
});
