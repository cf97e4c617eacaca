/**
 * Measures how many webhooks a second are accepted, and how long each waits. The peer is adnanh/webhook running `/bin/true`. Slipway's 202
 * says that the delivery is on the disk. The peer starts a program; if it is killed, it loses the delivery. Both verify the signature.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createCleanup, ensurePrograms, freePort } from '../scripts/parts.mjs';
import { startTestGitHost } from '../test/support/git.js';
import { pushBody, signatureOf, webhookHeaders, webhookSecret } from './support/github.js';
import { load, type LoadFigures, type LoadRequest } from './support/load.js';
import { figures, rounded, runs, type Figures } from './support/measure.js';
import { peakMemory, processorTime } from './support/process.js';
import { print, type Row } from './support/report.js';
import { BenchSlipway } from './support/slipway.js';

const connections = 16;
const durationMs = Number(process.env['BENCH_SECONDS'] ?? 4) * 1000;

const hooks = [
  {
    id: 'push',
    'execute-command': '/bin/true',
    'trigger-rule': {
      match: {
        type: 'payload-hmac-sha256',
        secret: webhookSecret,
        parameter: { source: 'header', name: 'X-Hub-Signature-256' },
      },
    },
  },
];

async function startPeer(dir: string): Promise<{ port: number; pid: number; stop(): void }> {
  const port = await freePort();
  writeFileSync(join(dir, 'hooks.json'), JSON.stringify(hooks));
  const args = ['-hooks', join(dir, 'hooks.json'), '-ip', '127.0.0.1', '-port', String(port)];
  const child = spawn('webhook', args, { stdio: 'ignore' });
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  while (!(await isUp())) await pause(20);
  return { port, pid: child.pid ?? 0, stop: () => void child.kill() };
}

interface Taken extends LoadFigures {
  /** Milliseconds of processor time for one answer. */
  readonly answering: number;
  /** The same for everything that it leads to. */
  readonly working: number;
}

async function take(pid: number, request: LoadRequest, isDone: () => Promise<unknown>): Promise<Taken> {
  const before = processorTime(pid);
  const taken = await load(request);
  const answered = processorTime(pid);
  await isDone();
  const perRequest = (ms: number) => rounded(ms / taken.requests);
  return { ...taken, answering: perRequest(answered - before), working: perRequest(processorTime(pid) - before) };
}

/** The peer answers first and runs its programs afterwards: long after the last answer it still takes most of the machine. */
async function atRest(pid: number): Promise<void> {
  for (let before = NaN, now = processorTime(pid); now !== before;) {
    await pause(1000);
    [before, now] = [now, processorTime(pid)];
  }
}

const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const cleanup = createCleanup((line) => process.stderr.write(`${line}\n`));
cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
try {
  ensurePrograms(['git', 'webhook'], (line) => process.stderr.write(`${line}\n`));
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
  });
  cleanup.add(() => slipway.stop());
  const peer = await startPeer(dir);
  cleanup.add(() => peer.stop());
  const body = pushBody('abc/app', 'main', '0'.repeat(40), commit);
  const common = {
    connections,
    durationMs,
    headers: { ...webhookHeaders(body, ''), 'x-hub-signature-256': signatureOf(body) },
    unique: { name: 'x-github-delivery', value: () => randomUUID() },
    body,
  };
  const planned = async () => {
    type Newest = { deliveries: readonly { status: string }[] };
    while ((await slipway.get<Newest>('/api/v1/deliveries?limit=1')).deliveries[0]?.status === 'accepted')
      await pause(50);
  };
  const ours: Taken[] = [];
  const pings: number[] = [];
  const theirs: Taken[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const mine = await take(
      slipway.pid,
      { ...common, port: slipway.port, path: '/webhooks/github', status: 202 },
      planned,
    );
    const other = await take(peer.pid, { ...common, port: peer.port, path: '/hooks/push', status: 200 }, () =>
      atRest(peer.pid),
    );
    const ping = { ...common, headers: { ...common.headers, 'x-github-event': 'ping' } };
    const pinged = await load({ ...ping, port: slipway.port, path: '/webhooks/github', status: 200 });
    if (run === 0) continue;
    pings.push(pinged.perSecond);
    ours.push(mine);
    theirs.push(other);
  }
  const of = (list: readonly Taken[], key: keyof Taken): Figures => figures(list.map((one) => one[key]));
  const row = (name: string, key: keyof Taken, unit: Row['unit']) => {
    const [mine, other] = [of(ours, key), of(theirs, key)];
    const ratio = rounded(mine.median / other.median);
    return { name, unit, slipway: mine, peer: { name: 'webhook', figures: other }, ratio };
  };
  const rate = row('durable 202s, 16 connections', 'perSecond', 'requests/s');
  const slowest = row('99th percentile', 'p99', 'ms');
  print(
    {
      bench: 'intake',
      rows: [
        { ...rate, goal: '≥ 1.5', met: rate.ratio >= 1.5 },
        { ...slowest, goal: 'below its', met: slowest.ratio < 1 },
        row('median wait', 'p50', 'ms'),
        row('processor time for one', 'answering', 'ms'),
        row('the same with what follows', 'working', 'ms'),
      ],
      more: {
        bodyBytes: body.length,
        secondsPerRun: durationMs / 1000,
        connections,
        // What is left of the work where nothing is stored: HTTP and the signature.
        pingsPerSecond: figures(pings),
        peakMemoryMiB: peakMemory(slipway.pid),
      },
    },
    ['webhook'],
  );
} finally {
  await cleanup.run();
}
