import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';
import type { BuildContext, BuildEvent, BuildRequest, ContextEntry, Engine } from '../../src/engine/contract.js';

export interface TestFile {
  readonly content: string | Buffer;
  readonly mode: ContextEntry['mode'];
}

export type TestFiles = Readonly<Record<string, string | TestFile>>;

/** A build context from path → content; plain texts are ordinary files. */
export function contextOf(files: TestFiles, key = 'test'): BuildContext {
  const contents = new Map(
    Object.entries(files).map(([path, file]) => {
      const { content, mode } = typeof file === 'string' ? { content: file, mode: '100644' as const } : file;
      return [path, { bytes: Buffer.from(content), mode }];
    }),
  );
  const entries = [...contents]
    .map(([path, { bytes, mode }]) => ({
      path,
      mode,
      id: createHash('sha1').update(bytes).digest('hex'),
      size: bytes.length,
    }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return {
    key,
    entries,
    async *open(wanted) {
      for (const entry of wanted) yield { entry, chunks: chunksOf(contents.get(entry.path)?.bytes ?? Buffer.alloc(0)) };
    },
  };
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  const pieceSize = 64 * 1024;
  for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
}

/** A request with nothing special about it. */
export function buildRequest(files: TestFiles, changes: Partial<BuildRequest> = {}): BuildRequest {
  return {
    buildId: 'test',
    context: contextOf(files),
    dockerfile: 'Dockerfile',
    target: null,
    buildArgs: {},
    secrets: {},
    labels: {},
    tag: 'registry.test/app:1',
    noCache: false,
    cacheFrom: null,
    ...changes,
  };
}

/** Keeps a build's events, and lets a test wait for one of them. */
export function eventLog() {
  const events: BuildEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    take(event: BuildEvent): void {
      events.push(event);
      for (const look of waiting) look();
    },
    /** Lines of output, without their steps. */
    lines: () => events.flatMap((event) => (event.kind === 'output' ? [event.line.text] : [])),
    started: () => events.flatMap((event) => (event.kind === 'step-started' ? [event.step] : [])),
    finished: () => events.flatMap((event) => (event.kind === 'step-finished' ? [event.step] : [])),
    until(holds: (event: BuildEvent) => boolean): Promise<void> {
      return new Promise((resolve) => {
        const look = (): void => {
          if (!events.some(holds)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined),
};

export const never = new AbortController().signal;

/** The engine that the tests of test/scenarios/engine/ are given. */
export function engineHost(): string {
  const host = process.env['DOCKER_HOST'];
  if (host === undefined) throw new Error('DOCKER_HOST names no engine; run the tests with `npm test`.');
  return host;
}

/** Gives the engine a small base image with a shell, made on the spot from the machine's static busybox. */
export async function makeBase(engine: Engine, tag: string): Promise<void> {
  const dockerfile = [
    'FROM scratch',
    'COPY busybox /bin/busybox',
    'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
    'ENV PATH=/bin GREETING=hello=you',
  ].join('\n');
  const busybox: TestFile = { content: await readFile('/bin/busybox'), mode: '100755' };
  await engine.builder.build(buildRequest({ Dockerfile: dockerfile, busybox }, { tag }), () => undefined, never);
}
