/** Syncs that end in the middle, and what the next build of the same context then gets; syncs of much. */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { BuildContext, Engine } from '../../../src/engine/contract.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import type { SlipwayError } from '../../../src/errors.js';
import { makeBaseImage, type BaseImageOnEngine } from '../../support/base-image.js';
import {
  buildRequest,
  contextOf,
  engineHost,
  eventLog,
  never,
  realClock,
  type TestFiles,
} from '../../support/engine.js';
import { startEngineProxy, type EngineProxy } from '../../support/engine-proxy.js';
import { gatedContext } from '../../support/gated-context.js';
import { readLayers } from '../../support/image-layers.js';
import { keptLog } from '../../support/kept-log.js';

const tag = 'slipway.test/interrupted:1';
let base: BaseImageOnEngine;
let proxy: EngineProxy;
let engine: Engine;
beforeAll(async () => {
  base = await makeBaseImage();
  proxy = await startEngineProxy(engineHost());
  engine = createEngine({ host: proxy.host, tls: null, credentials: null, clock: realClock, log: keptLog() });
}, 60_000);
afterAll(async () => {
  await engine.images.remove(tag);
  await base.remove();
  await proxy.close();
});

const build = (context: BuildContext, log = eventLog(), signal = never, noCache = false) =>
  engine.builder.build(buildRequest({}, { context, tag, noCache }), log.take, signal);
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: SlipwayError) => error,
  );

/** Content of the one layer that `COPY . /` makes. */
async function copied(): Promise<Record<string, string>> {
  const [layer] = await readLayers(tag);
  const files = Object.entries(layer?.entries ?? {}).filter(([, { type }]) => type === 'file');
  return Object.fromEntries(files.map(([path, { content }]) => [path, content]));
}

describe('a sync that is interrupted', () => {
  const dockerfile = { Dockerfile: 'FROM scratch\nCOPY . /\n' };
  const large = (letter: string) => letter.repeat(3_000_000);
  const before: TestFiles = { ...dockerfile, 'a/kept': 'kept', 'a/old': 'old', big: large('a'), changed: '1' };
  const during: TestFiles = { ...dockerfile, 'a/kept': 'kept', 'a/old/now': 'x', big: large('b'), changed: '2' };
  const after: TestFiles = { ...dockerfile, 'a/kept': 'kept', 'a/old': 'new', big: large('c'), changed: '3' };
  const reason = new Error('enough');

  const interruptions: readonly [string, (stop: AbortController) => void | Promise<void>, object][] = [
    ['that is cancelled or runs out of time', (stop) => stop.abort(reason), reason],
    ['whose engine goes away', () => proxy.cut(), { code: 'engine-unavailable', retryable: true }],
    ['whose session alone breaks', () => proxy.cutSessions(), { code: 'engine-unavailable', retryable: true }],
  ];
  test.each(interruptions)('by a build %s says so, and the next build is right', async (name, interrupt, expected) => {
    const stop = new AbortController();
    await build(contextOf(before, name));
    const context = gatedContext(during, 'big', name);
    const building = failure(build(context, eventLog(), stop.signal));
    await context.begun;
    await interrupt(stop);
    expect(await building).toMatchObject(expected);
    context.release();
    await context.ended;
    await proxy.restore();
    await build(contextOf(after, name));
    expect(await copied()).toEqual({ ...after });
  });

  test('leaves a build of the same context that runs beside it alone', async () => {
    const stop = new AbortController();
    const key = 'beside';
    const context = gatedContext(during, 'big', key);
    const building = failure(build(context, eventLog(), stop.signal));
    await context.begun;
    const beside = build(contextOf(after, key));
    stop.abort(reason);
    context.release();
    expect(await building).toBe(reason);
    await beside;
    expect(await copied()).toEqual({ ...after });
  });

  test('by a step that fails in the meantime is not what the failure is about', async () => {
    const failing = `FROM ${base.name} AS bad\nRUN exit 7\nFROM scratch\nCOPY --from=bad / /bad/\nCOPY . /\n`;
    const endless = withFile(contextOf({ Dockerfile: failing }, 'failing'), 1e12, async function* () {
      for (;;) {
        await setTimeout(2);
        yield Buffer.alloc(65_536);
      }
    });
    const error = await failure(build(endless, eventLog(), never, true));
    expect(error).toMatchObject({ code: 'dockerfile-step-failed' });
    expect(error?.message).toContain('exit code 7');
  });
});

describe('a sync of much', () => {
  const list = 'cd /c && find . -type f | sort | xargs cat | sha256sum';
  const dockerfile = () => `FROM ${base.name}\nRUN --mount=type=bind,target=/c ${list}\n`;

  test('streams 300 MB without holding them', async () => {
    const [pieces, pieceSize] = [4_800, 65_536];
    const expected = createHash('sha256').update(dockerfile());
    const piece = (index: number) => Buffer.alloc(pieceSize, String(index));
    for (let index = 0; index < pieces; index += 1) expected.update(piece(index));
    const [start, peak] = [process.memoryUsage().rss, { rss: 0 }];
    const context = withFile(contextOf({ Dockerfile: dockerfile() }, 'large'), pieces * pieceSize, async function* () {
      for (let index = 0; index < pieces; index += 1) {
        peak.rss = Math.max(peak.rss, process.memoryUsage.rss());
        yield piece(index);
      }
    });
    const log = eventLog();
    await build(context, log);
    expect(log.lines()).toContain(`${expected.digest('hex')}  -`);
    expect(peak.rss - start).toBeLessThan(160 * 1024 * 1024);
  }, 120_000);

  test('of 20,000 files is done in time, and when one has changed reads that alone', async () => {
    const files: Record<string, string> = { Dockerfile: dockerfile() };
    for (let index = 0; index < 20_000; index += 1) files[`f${index % 200}/file-${index}.txt`] = `content ${index}\n`;
    // A name that no earlier run synced.
    const key = randomUUID();
    const read: string[] = [];
    const counting = (context: BuildContext): BuildContext => ({
      ...context,
      open(entries) {
        for (const { path } of entries) read.push(path);
        return context.open(entries);
      },
    });
    await build(counting(contextOf(files, key)));
    expect(new Set(read).size).toBe(20_001);
    read.length = 0;
    const path = 'f7/file-7.txt';
    files[path] = 'CONTENT 7\n';
    const log = eventLog();
    await build(counting(contextOf(files, key)), log);
    // Newer engines take the Dockerfile every time.
    expect(read.filter((one) => one !== 'Dockerfile')).toEqual([path]);
    const inOrder = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
    const expected = createHash('sha256').update(inOrder.map(([, content]) => content).join(''));
    expect(log.lines()).toContain(`${expected.digest('hex')}  -`);
  }, 120_000);
});

/** The context with a file `z` more; contents come in the order asked for, which is any: an engine asks for its files side by side. */
function withFile(context: BuildContext, size: number, chunks: () => AsyncGenerator<Buffer>): BuildContext {
  const added = { path: 'z', mode: '100644' as const, id: 'ab'.repeat(20), size };
  return {
    ...context,
    entries: [...context.entries, added],
    async *open(wanted) {
      for (const entry of wanted) {
        if (entry.path === added.path) yield { entry, chunks: chunks() };
        else yield* context.open([entry]);
      }
    },
  };
}
