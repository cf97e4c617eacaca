/**
 * A storm: 200 pushes over 50 services of one repository within 10 s. Counted are the builds that ran, beside one for each service's last
 * commit; timed is how long it takes from the last push until all is quiet, beside the same Slipway that is given one change of each
 * service in one push.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestRepo } from '../test/support/git.js';
import { rounded, runs, timed, figures } from './support/measure.js';
import { expectPushed } from './support/pushed.js';
import { print } from './support/report.js';
import type { BenchSlipway, BuildAnswer } from './support/slipway.js';
import { changedFile, writeServices } from './support/sources.js';
import { onStage, type BenchStage } from './support/stage.js';

const services = 50;
const pushes = 200;
const durationMs = 10_000;
const concurrency = 2;
const shape = { files: 20, fileBytes: 4000, libraries: 1, libraryBytes: 220_000, copy: 'apart' } as const;
const path = (number: number) => `services/s${number}`;

/** The same order of services each time, as if by chance; every service is pushed to at least once. */
function order(run: number): readonly number[] {
  let state = run + 1;
  const chance = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const all = Array.from({ length: pushes }, (_, at) => (at < services ? at : Math.floor(chance() * services)));
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(chance() * (at + 1));
    [all[at], all[other]] = [all[other] ?? 0, all[at] ?? 0];
  }
  return all;
}

/** Every build of the server, newest first. */
async function builds(slipway: BenchSlipway): Promise<readonly BuildAnswer[]> {
  type Page = { readonly builds: readonly BuildAnswer[]; readonly nextCursor: string | null };
  const found: BuildAnswer[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await slipway.get(`/api/v1/builds?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    found.push(...page.builds);
    cursor = page.nextCursor;
  }
  return found;
}

/** Resolves when every delivery is planned and no build is queued or runs. */
async function quiet(slipway: BenchSlipway, deliveries: readonly string[]): Promise<void> {
  for (const delivery of deliveries) await slipway.buildsOf(delivery);
  for (const status of ['queued', 'running', 'queued']) {
    for (;;) {
      const { builds: left } = await slipway.get<{ builds: readonly unknown[] }>(
        `/api/v1/builds?status=${status}&limit=1`,
      );
      if (left.length === 0) break;
      await pause(50);
    }
  }
}

async function settle(slipway: BenchSlipway, repository: string, commit: string): Promise<void> {
  await quiet(slipway, [await slipway.announce(repository, 'main', commit)]);
}

interface Storm {
  /** How long the pushes took. */
  readonly lasted: number;
  /** From the last push until all were decided on, and until all was quiet. */
  readonly planned: number;
  readonly ms: number;
  /** Those that ran; superseded before their turn they cost nothing. */
  readonly ran: number;
  readonly superseded: number;
  readonly slowest202: number;
}

/** The storm's commits, which are made before it: making them costs more than pushing them. */
async function prepare(repo: TestRepo, run: number): Promise<readonly string[]> {
  await repo.branch('prepared', (await repo.tip('main')) ?? '');
  const commits: string[] = [];
  for (const [at, number] of order(run).entries()) {
    const files = { [changedFile(path(number))]: `storm ${run} ${at}\n` };
    commits.push(await repo.commit({ files, branch: 'prepared' }));
  }
  await repo.deleteBranch('prepared');
  return commits;
}

/** Moves the branch as `git update-ref` does, without a process. */
function push(repo: TestRepo, commit: string): void {
  const ref = join(repo.dir, 'refs/heads/main');
  writeFileSync(`${ref}.new`, `${commit}\n`);
  renameSync(`${ref}.new`, ref);
}

async function storm(slipway: BenchSlipway, repo: TestRepo, run: number): Promise<Storm> {
  const commits = await prepare(repo, run);
  const before = (await builds(slipway)).length;
  const announced: Promise<string>[] = [];
  let slowest202 = 0;
  const began = performance.now();
  for (const [at, commit] of commits.entries()) {
    await pause(Math.max(0, began + (at * durationMs) / pushes - performance.now()));
    push(repo, commit);
    const sent = performance.now();
    const taken = slipway.announce(repo.name, 'main', commit).finally(() => {
      slowest202 = Math.max(slowest202, performance.now() - sent);
    });
    announced.push(taken);
  }
  const lasted = performance.now() - began;
  const deliveries = await Promise.all(announced);
  for (const delivery of deliveries) await slipway.buildsOf(delivery);
  const planned = performance.now() - began - lasted;
  await quiet(slipway, deliveries);
  const ms = performance.now() - began - lasted;
  const after = await builds(slipway);
  const own = after.slice(0, after.length - before);
  const ran = own.filter(({ startedAt, status }) => startedAt !== null && status !== 'superseded').length;
  const failed = own.find(({ status }) => status !== 'succeeded' && status !== 'superseded');
  if (failed) throw new Error(`A build of the storm ended ${failed.status}: ${failed.error?.message ?? ''}`);
  return { lasted, planned, ms, ran, superseded: own.length - ran, slowest202 };
}

/** One change of each service, all in one push: builds that follow each other without a pause. */
async function backToBack(slipway: BenchSlipway, repo: TestRepo, run: number): Promise<number> {
  const files = Array.from({ length: services }, (_, number) => [changedFile(path(number)), `calm ${run}\n`]);
  const commit = await repo.commit({ files: Object.fromEntries(files) });
  return timed(() => settle(slipway, repo.name, commit));
}

async function open(stage: BenchStage): Promise<{ slipway: BenchSlipway; repo: TestRepo }> {
  const repo = await stage.repo('abc/storm');
  const numbers = Array.from({ length: services }, (_, number) => number);
  const all = numbers.map((number) => ({ ...shape, path: path(number), base: stage.base, seed: number * 100 }));
  const commit = await writeServices(repo, all);
  const named = numbers.map((number) => [`s${number}`, { repository: repo.name, path: path(number) }]);
  const slipway = await stage.slipway({ services: Object.fromEntries(named), concurrency });
  await settle(slipway, repo.name, commit);
  return { slipway, repo };
}

/** The newest image of the service that was pushed to last has what was pushed last. */
async function check(stage: BenchStage, run: number): Promise<void> {
  const last = order(run).at(-1) ?? 0;
  const image = { host: stage.registry, repository: `s${last}`, tag: 'main' };
  await expectPushed(image, 'app/src/changed.txt', `storm ${run} ${pushes - 1}\n`);
}

await onStage(async (stage) => {
  const { slipway, repo } = await open(stage);
  const storms: Storm[] = [];
  const calm: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    storms.push(await storm(slipway, repo, run));
    await check(stage, run);
    calm.push(await backToBack(slipway, repo, run));
  }
  const of = (key: keyof Storm) => figures(storms.map((one) => one[key]));
  const [ran, ms, ideal] = [of('ran'), of('ms'), figures(calm)];
  const more = rounded(ran.median / services);
  const longer = rounded(ms.median / ideal.median);
  print(
    {
      bench: 'storm',
      rows: [
        {
          name: `builds of ${pushes} pushes over ${services} services in ${durationMs / 1000} s`,
          unit: 'builds',
          slipway: ran,
          peer: { name: 'ideal', figures: services },
          ratio: more,
          goal: '≤ 1.2',
          met: more <= 1.2,
        },
        {
          name: 'from the last push until all is quiet',
          unit: 'ms',
          slipway: ms,
          peer: { name: `${services} builds back to back`, figures: ideal },
          ratio: longer,
          goal: '≤ 1.2',
          met: longer <= 1.2,
        },
      ],
      more: {
        concurrency,
        superseded: of('superseded'),
        slowest202Ms: of('slowest202'),
        pushesMs: of('lasted'),
        lastPushToLastDecisionMs: of('planned'),
      },
    },
    ['engine', 'registry', 'git'],
  );
});
