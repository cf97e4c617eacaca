/**
 * A new version on one host with a fixed port, for a service that ends at once when it is asked to: how long nobody answers, and how long it
 * takes from the call until the new version is verified, and until the deployment has ended. Beside them the script that operators have:
 * `docker pull; docker rm -f; docker run`, until its first answer. Each version is an image that the host does not have yet. The settle time is
 * one millisecond: it is a choice, not work.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureBaseImage, registryUser, removePrivateEngine, startPrivateEngine } from '../scripts/parts.mjs';
import { DockerClient } from './support/docker-client.js';
import { figures, inTurn, rounded, runs, type Figures } from './support/measure.js';
import { print, type Row } from './support/report.js';
import type { BenchSlipway } from './support/slipway.js';
import { onStage } from './support/stage.js';
import { answerAt, askFor, publish, repository, succeeded, type Published } from './support/versions.js';

const address = '127.0.10.9';
const url = `http://${address}:8080/version`;

const answer = (): Promise<string | null> => answerAt(url);

/** How often it is asked. Each question stands alone, as those of different users: one that hangs holds up no other. */
const ASK_MS = 10;

/** Asks while the work goes on, and until the new version answers. */
async function watched(version: string, work: () => Promise<unknown>): Promise<{ ms: number; away: number }> {
  const began = performance.now();
  let lastOld = began;
  let firstNew: number | null = null;
  const asked = new Set<Promise<void>>();
  const ask = async (): Promise<void> => {
    const found = await answer();
    if (found === version) firstNew ??= performance.now();
    else if (found !== null) lastOld = performance.now();
  };
  const asking = (async () => {
    while (firstNew === null) {
      const one: Promise<void> = ask().finally(() => asked.delete(one));
      asked.add(one);
      await pause(ASK_MS);
    }
    return firstNew;
  })();
  await work();
  const ms = performance.now() - began;
  const until = await asking;
  await Promise.all(asked);
  return { ms, away: until - lastOld };
}

/** Resolves with when the new version was verified: the first time that it answered as expected, by the clock of this machine. */
async function deploy(slipway: BenchSlipway, published: Published): Promise<number> {
  const { hosts } = await succeeded(await askFor(published, slipway), slipway);
  const answered = hosts.flatMap(({ verifications }) => verifications).find(({ ok }) => ok);
  if (answered === undefined) throw new Error('the deployment does not say when its version was verified');
  return Date.parse(answered.at);
}

const script = ({ image }: Published): readonly string[] => [
  `docker pull -q ${image}`,
  'docker rm -f shop || true',
  `docker run -d --name shop --init --restart always -p ${address}:8080:8080 ${image}`,
];

/** Stops what the other way has left on the port. */
const leave = (docker: DockerClient, mine: string): Promise<void> =>
  docker.script([
    `docker ps -aq | while read id; do docker inspect -f '{{.Name}}' $id | grep -q '${mine}' || docker rm -f $id; done`,
  ]);

await onStage(async (stage) => {
  const dir = join(stage.dir, 'host');
  const socket = await startPrivateEngine({ dir, detached: false });
  try {
    await ensureBaseImage(socket, stage.base);
    const login = { host: stage.registry, ...registryUser };
    const docker = new DockerClient(socket, join(stage.dir, 'host-client'), login);
    const repo = await stage.repo(repository);
    const slipway = await stage.slipway({
      services: { shop: { repository, version: { value: '1.0' }, deploy: { environments: ['production'] } } },
      config: {
        environments: {
          production: {
            hosts: { a: { engine: socket, address, publish: address } },
            timeouts: { settle: '1ms' },
            defaults: { memory: '64MiB' },
          },
        },
      },
    });
    let number = 0;
    const next = () => publish({ stage, repo, slipway }, (number += 1));
    const away: Record<'slipway' | 'script', number[]> = { slipway: [], script: [] };
    const verified: number[] = [];
    const ways =
      (name: 'slipway' | 'script', bring: (published: Published) => Promise<void>) => async (run: number) => {
        // The version before comes the same way, so that there is something to replace.
        await leave(docker, name === 'slipway' ? '^/shop[.]' : '^/shop$');
        await bring(await next());
        const published = await next();
        const { ms, away: gap } = await watched(published.version, () => bring(published));
        if (run > 0) away[name].push(gap);
        return ms;
      };
    const times = await inTurn({
      slipway: ways('slipway', async (published) => {
        const called = Date.now();
        verified.push((await deploy(slipway, published)) - called);
      }),
      script: ways('script', async (published) => {
        await docker.script(script(published));
        while ((await answer()) !== published.version) await pause(1);
      }),
    });
    const row = (name: string, ours: Figures, its: Figures, goal: number | null): Row => {
      const ratio = rounded(ours.median / its.median);
      const aim = goal === null ? {} : { goal: `≤ ${goal} ×`, met: ratio <= goal };
      return {
        name,
        unit: 'ms',
        slipway: ours,
        peer: { name: 'docker pull; rm -f; run', figures: its },
        ratio,
        ...aim,
      };
    };
    // Each run brings two versions, and the first run is a trial.
    const measured = verified.filter((_, at) => at >= 2 && at % 2 === 1);
    const rows = [
      row('time without an answer', figures(away.slipway), figures(away.script), 0.7),
      row('from the call until it is verified', figures(measured), times.script, 1.2),
      row('from the call until the deployment has ended', times.slipway, times.script, null),
    ];
    print({ bench: 'deploy', rows, more: { runs } }, ['engine', 'docker', 'registry']);
  } finally {
    await removePrivateEngine(dir);
  }
});
