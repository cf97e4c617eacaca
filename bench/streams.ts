/**
 * Measures how long webhooks wait for their answer while pages are open: 500 pushes a second, without an event stream and with 100 of them.
 * The load and the streams' other ends run in this process, which takes about one of two cores.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createCleanup, ensurePrograms } from '../scripts/parts.mjs';
import { startTestGitHost } from '../test/support/git.js';
import { EventStreams } from './support/event-streams.js';
import { pushBody, signatureOf, webhookHeaders } from './support/github.js';
import type { LoadFigures } from './support/load.js';
import { figures, rounded, runs } from './support/measure.js';
import { paced } from './support/paced.js';
import { peakMemory, processorTime } from './support/process.js';
import { print, type Row } from './support/report.js';
import { BenchSlipway } from './support/slipway.js';

const streams = Number(process.env['BENCH_STREAMS'] ?? 100);
const perSecond = Number(process.env['BENCH_RATE'] ?? 500);
const durationMs = Number(process.env['BENCH_SECONDS'] ?? 20) * 1000;
/** What the lists of builds and deliveries watch. */
const path = process.env['BENCH_PATH'] ?? '/api/v1/events?types=build,step,queue,delivery';
const pageToken = 'pages';
const p99Goal = 50;

interface Taken extends LoadFigures {
  /** Milliseconds of the server's processor time for one webhook, and for what follows from it until the last answer. */
  readonly working: number;
  readonly streamedBytes: number;
}

/** Resolves when the newest delivery is decided on: what one run leaves is not the next one's load. */
async function atRest(slipway: BenchSlipway): Promise<void> {
  type Newest = { readonly deliveries: readonly { readonly status: string }[] };
  for (;;) {
    const { deliveries } = await slipway.get<Newest>('/api/v1/deliveries?limit=1');
    if (deliveries[0]?.status !== 'accepted') return;
    await pause(100);
  }
}

const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const cleanup = createCleanup((line) => process.stderr.write(`${line}\n`));
cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
try {
  ensurePrograms(['git'], (line) => process.stderr.write(`${line}\n`));
  const host = await startTestGitHost();
  cleanup.add(() => host.close());
  const commit = await (await host.repo('abc/app')).commit({ files: { 'README.md': 'x' } });
  const slipway = await BenchSlipway.start({
    dir,
    cloneUrl: host.cloneUrl,
    // Known, and on no branch that is pushed here: each delivery is planned for real, and nothing is built.
    services: { app: { repository: 'abc/app', branches: ['release'] } },
    registry: { host: '127.0.0.1:1', username: 'x', password: 'x' },
    dockerHost: 'unix:///nowhere.sock',
    config: {
      access: {
        tokens: [
          { name: 'bench', token: 'bench', scopes: ['admin'] },
          { name: 'pages', token: pageToken, scopes: ['read'] },
        ],
      },
    },
  });
  cleanup.add(() => slipway.stop());
  const body = pushBody('abc/app', 'main', '0'.repeat(40), commit);
  const request = {
    port: slipway.port,
    path: '/webhooks/github',
    status: 202,
    connections: 64,
    perSecond,
    durationMs,
    headers: { ...webhookHeaders(body, ''), 'x-hub-signature-256': signatureOf(body) },
    unique: { name: 'x-github-delivery', value: () => randomUUID() },
    body,
  };
  const take = async (count: number): Promise<Taken> => {
    const open = await EventStreams.open(slipway.port, path, pageToken, count);
    const before = processorTime(slipway.pid);
    const taken = await paced(request);
    const working = rounded((processorTime(slipway.pid) - before) / taken.requests);
    const streamedBytes = open.bytes;
    open.close();
    await atRest(slipway);
    return { ...taken, working, streamedBytes };
  };
  const [alone, watched]: Taken[][] = [[], []];
  for (let run = 0; run <= runs; run += 1) {
    // Each begins in its turn.
    const order = run % 2 === 0 ? [0, streams] : [streams, 0];
    for (const count of order) {
      const taken = await take(count);
      process.stderr.write(`run ${run}, ${count} streams: ${JSON.stringify(taken)}\n`);
      if (run > 0) (count === 0 ? alone : watched)?.push(taken);
    }
  }
  const of = (list: readonly Taken[] = [], key: keyof Taken) => figures(list.map((one) => one[key]));
  const row = (name: string, key: keyof Taken, unit: Row['unit']) => {
    const [mine, other] = [of(watched, key), of(alone, key)];
    const ratio = rounded(mine.median / other.median);
    return { name, unit, slipway: mine, peer: { name: 'no stream', figures: other }, ratio };
  };
  const slowest = row(`99th percentile of the wait, ${streams} streams`, 'p99', 'ms');
  const rate = row('answers a second', 'perSecond', 'requests/s');
  print(
    {
      bench: 'streams',
      rows: [
        { ...slowest, goal: `≤ ${p99Goal} ms`, met: slowest.slipway.median <= p99Goal },
        { ...rate, goal: `≥ ${0.99 * perSecond}`, met: rate.slipway.median >= 0.99 * perSecond },
        row('median wait', 'p50', 'ms'),
        row('processor time for one, with what follows', 'working', 'ms'),
      ],
      more: {
        path,
        secondsPerRun: durationMs / 1000,
        bytesPerStreamAndSecond: rounded(of(watched, 'streamedBytes').median / streams / (durationMs / 1000)),
        peakMemoryMiB: peakMemory(slipway.pid),
      },
    },
    ['git'],
  );
} finally {
  await cleanup.run();
}
