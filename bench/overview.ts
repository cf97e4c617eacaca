/**
 * Measures what a list of 1,000 services with 20 builds each costs: `GET /api/v1/overview` beside all pages of `GET /api/v1/services`. For each
 * run the server starts again: the first call is the cold one. The git host is away, so nothing else goes on.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createCleanup } from '../scripts/parts.mjs';
import { fastFolder } from '../test/support/fast-folder.js';
import { filledWith } from '../test/support/past.js';
import { figures, rounded, runs } from './support/measure.js';
import { peakMemory } from './support/process.js';
import { print, type Row } from './support/report.js';
import { BenchSlipway } from './support/slipway.js';

const count = Number(process.env['BENCH_SERVICES'] ?? 1000);
const builds = Number(process.env['BENCH_BUILDS'] ?? 20);
const PAGE = 200;

interface Called {
  readonly ms: number;
  readonly bytes: number;
  readonly status: number;
  readonly etag: string;
  readonly text: string;
}

/** Asks as browsers do. The time ends with the last byte. */
async function call(port: number, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Called> {
  const began = performance.now();
  const all = { authorization: 'Bearer bench', 'accept-encoding': 'gzip', ...headers };
  const request = get({ host: '127.0.0.1', port, path, headers: all });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { statusCode: status = 0, headers: said } = answer;
  const text = said['content-encoding'] === undefined ? body.toString() : '';
  return { ms: performance.now() - began, bytes: body.length, status, etag: said.etag ?? '', text };
}

/** All pages of services, one after another: each names the next. */
async function pages(port: number): Promise<{ readonly ms: number; readonly bytes: number }> {
  const began = performance.now();
  let [bytes, cursor] = [0, ''];
  do {
    const page = await call(port, `/api/v1/services?limit=${PAGE}${cursor}`);
    bytes += page.bytes;
    const { nextCursor } = JSON.parse(page.text) as { readonly nextCursor: string | null };
    cursor = nextCursor === null ? '' : `&cursor=${encodeURIComponent(nextCursor)}`;
  } while (cursor !== '');
  return { ms: performance.now() - began, bytes };
}

const names = Array.from({ length: count }, (_, number) => `service-${number}`);

const fill = filledWith(async (past) => {
  for (let build = 0; build < builds; build += 1) {
    for (const [at, service] of names.entries()) {
      const more = (at + build) % 10 === 0 ? { failed: {} } : {};
      await past.build({ service, repository: 'abc/all', tookMs: 1000, ...more });
    }
  }
});

const dir = mkdtempSync(join(fastFolder, 'slipway-bench-'));
const cleanup = createCleanup((line) => process.stderr.write(`${line}\n`));
cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
try {
  process.stderr.write(`Filling the store with ${count * builds} builds.\n`);
  await fill(join(dir, 'data'));
  const services = Object.fromEntries(
    names.map((name) => [name, { repository: 'abc/all', path: name, branches: ['main'] }]),
  );
  const registry = { host: '127.0.0.1:1', username: 'x', password: 'x' };
  const away = { cloneUrl: 'http://127.0.0.1:1/{repository}.git', dockerHost: 'unix:///nowhere.sock', registry };
  const times = { cold: [] as number[], warm: [] as number[], same: [] as number[] };
  const beside = { cold: [] as number[], warm: [] as number[] };
  const size = { overview: 0, pages: 0 };
  let peakMemoryMiB = 0;
  const path = '/api/v1/overview';
  for (let run = 0; run <= runs; run += 1) {
    // Both have a server of their own that has answered nothing yet.
    let slipway = await BenchSlipway.start({ dir, services, ...away });
    const cold = await call(slipway.port, path);
    const warm = await call(slipway.port, path);
    const same = await call(slipway.port, path, { 'if-none-match': warm.etag });
    if (cold.status !== 200 || warm.status !== 200 || same.status !== 304) throw new Error(`status ${same.status}`);
    peakMemoryMiB = Math.max(peakMemoryMiB, peakMemory(slipway.pid));
    await slipway.stop();
    slipway = await BenchSlipway.start({ dir, services, ...away });
    const first = await pages(slipway.port);
    const second = await pages(slipway.port);
    await slipway.stop();
    [size.overview, size.pages] = [warm.bytes, second.bytes];
    process.stderr.write(
      `run ${run}: ${[cold, warm, same, first, second].map(({ ms }) => rounded(ms)).join(' ')} ms\n`,
    );
    if (run === 0) continue;
    times.cold.push(cold.ms);
    times.warm.push(warm.ms);
    times.same.push(same.ms);
    beside.cold.push(first.ms);
    beside.warm.push(second.ms);
  }
  const row = (name: string, own: readonly number[], other: readonly number[]): Row => {
    const [slipway, peer] = [figures(own), figures(other)];
    const ratio = rounded(slipway.median / peer.median);
    return { name, unit: 'ms', slipway, peer: { name: 'pages of services', figures: peer }, ratio };
  };
  const rows = [
    row('the first call after a start', times.cold, beside.cold),
    row('another call', times.warm, beside.warm),
    row('another call that knows the answer (304)', times.same, beside.warm),
  ];
  print({ bench: 'overview', rows, more: { services: count, builds, bytes: size, peakMemoryMiB } }, []);
} finally {
  await cleanup.run();
}
