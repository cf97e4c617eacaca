/**
 * One changed file, built on an engine that has lost its cache: a new machine, or one that was pruned. Slipway's builds reuse the layers
 * that did not change from the registry. Docker's client is not asked to, so it makes them again.
 */
import { Contest, oneFile, servicePath } from './support/contest.js';
import { inTurn, rounded } from './support/measure.js';
import { print } from './support/report.js';
import { onStage } from './support/stage.js';

/** What a package manager does, at its quickest: it waits for others, and leaves 20 MB of files. */
const setUp = 'RUN sleep 5 && head -c 20000000 /dev/urandom > /packages';

await onStage(async (stage) => {
  if (!stage.ownEngine)
    throw new Error('This benchmark empties its engine, so it needs one of its own: unset DOCKER_HOST.');
  const repo = await stage.repo('abc/cold');
  const dockerfile = `FROM ${stage.base}\n${setUp}\nRUN mkdir -p /app\nWORKDIR /app\nCOPY src src\n`;
  await repo.commit({ files: { [`${servicePath}/Dockerfile`]: dockerfile, ...oneFile('first\n') } });
  const contest = await Contest.open(stage, repo);
  await contest.bySlipway(oneFile('before\n'));
  const { slipway, client } = await inTurn({
    async slipway(run) {
      await stage.docker.forgetAllBut(stage.base);
      const { ms, build } = await contest.bySlipway(oneFile(`slipway ${run}\n`));
      await contest.expect('slipway', build.image?.tags[0] ?? '', `slipway ${run}\n`);
      return ms;
    },
    async client(run) {
      await stage.docker.forgetAllBut(stage.base);
      const ms = await contest.byClient(oneFile(`client ${run}\n`), String(run));
      await contest.expect('client', String(run), `client ${run}\n`);
      return ms;
    },
  });
  const peer = { name: "Docker's client", figures: client };
  const ratio = rounded(slipway.median / client.median);
  print({ bench: 'cold', rows: [{ name: 'one changed file, empty engine', unit: 'ms', slipway, peer, ratio }] }, [
    'docker',
    'engine',
    'registry',
    'git',
  ]);
});
