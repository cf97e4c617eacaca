import type { BuildContext, ContextEntries, ContextEntry } from '../../../../src/engine/contract.js';
import { fileSync } from '../../../../src/engine/context/file-sync.js';
import { contextOf, type TestFiles } from '../../../support/engine.js';
import { asking, ScriptedCall, type Script } from '../../../support/scripted-call.js';
import { askFor, engineError, engineFin, type SentPacket } from '../../../support/sync-packets.js';

const ofContext = { 'dir-name': ['context'] };

async function sync(context: BuildContext, script: Script, headers: Record<string, readonly string[]> = ofContext) {
  const call = new ScriptedCall(headers, script);
  const failures: unknown[] = [];
  const method = fileSync({
    context,
    dockerfile: 'Dockerfile',
    onFailure: (error) => failures.push(error),
    onOddName: () => undefined,
  });
  const error = await method.serve(call).then(
    () => null,
    (reason: unknown) => reason,
  );
  const paths = call.sent.flatMap((packet) => (packet.kind === 'stat' ? [packet.stat.path] : []));
  return { error, failures, paths, sent: call.sent, contents: contentsOf(call.sent) };
}

function contentsOf(sent: readonly SentPacket[]): readonly (readonly [number, string])[] {
  const parts = new Map<number, Buffer[]>();
  for (const packet of sent) {
    if (packet.kind === 'data') parts.set(packet.id, [...(parts.get(packet.id) ?? []), packet.data]);
  }
  return [...parts].map(([id, data]) => [id, Buffer.concat(data).toString()]);
}

const files: TestFiles = {
  Dockerfile: 'FROM scratch',
  '.dockerignore': '*.md',
  'a/one': '1',
  'a/two': '22',
  link: { content: 'a/one', mode: '120000' },
  tool: { content: '#!', mode: '100755' },
};
/** Ids: 0 .dockerignore, 1 Dockerfile, 2 a, 3 a/one, 4 a/two, 5 link, 6 tool. */
const offered = ['.dockerignore', 'Dockerfile', 'a', 'a/one', 'a/two', 'link', 'tool'];

/** Contents come as these pieces, whatever the entry. */
function served(entries: readonly Partial<ContextEntry>[], pieces: () => AsyncGenerator<Buffer>): BuildContext {
  const whole = entries.map((entry) => ({ path: 'a', mode: '100644' as const, id: 'a', size: 2, ...entry }));
  return {
    key: 'test',
    entries: whole,
    async *open(wanted) {
      for (const entry of wanted) yield { entry, chunks: pieces() };
    },
  };
}

describe('a context that is synced', () => {
  test('is offered whole, and nothing is sent that is not asked for', async () => {
    const { error, paths, sent, contents } = await sync(contextOf(files), asking());
    expect(error).toBeNull();
    expect(paths).toEqual(offered);
    expect(contents).toEqual([]);
    expect(sent.slice(-2).map(({ kind }) => kind)).toEqual(['end-of-stats', 'fin']);
  });

  test('tells where its links lead', async () => {
    const { sent } = await sync(contextOf(files), asking());
    expect(sent[5]).toMatchObject({ stat: { path: 'link', link: 'a/one', size: 5 } });
  });

  test.each([
    [[3], [[3, '1']]],
    [
      [6, 3, 0],
      [
        [6, '#!'],
        [3, '1'],
        [0, '*.md'],
      ],
    ],
    [
      [4, 1],
      [
        [4, '22'],
        [1, 'FROM scratch'],
      ],
    ],
  ])('gives what is asked for as %j', async (ids, expected) => {
    const { error, contents } = await sync(contextOf(files), asking(...ids));
    expect(error).toBeNull();
    expect(contents).toEqual(expected);
  });

  test('answers requests that come while it is still being offered, and late ones', async () => {
    const script: Script = (sent, { say }) => {
      if (sent.kind === 'stat' && sent.stat.path === 'a/one') say(askFor(3));
      if (sent.kind === 'data' && sent.data.length === 0) say(sent.id === 3 ? askFor(6) : engineFin);
    };
    const { error, contents } = await sync(contextOf(files), script);
    expect(error).toBeNull();
    expect(contents).toEqual([
      [3, '1'],
      [6, '#!'],
    ]);
  });

  test('reads its source once for all that was asked together', async () => {
    const context = contextOf(files);
    const readings: number[] = [];
    const counting = {
      ...context,
      open(wanted: readonly ContextEntry[]) {
        readings.push(wanted.length);
        return context.open(wanted);
      },
    };
    await sync(counting, asking(0, 1, 3, 4, 6));
    expect(readings).toEqual([1, 5]);
  });

  test('reads its source for thousands at a time, not for all that an empty engine asks for', async () => {
    const names = Array.from({ length: 5_200 }, (_, index) => `f${10_000 + index}`);
    const context = contextOf(Object.fromEntries(names.map((name) => [name, name])));
    const readings: number[] = [];
    const counting = {
      ...context,
      open(wanted: ContextEntries) {
        readings.push(wanted.length);
        return context.open(wanted);
      },
    };
    const { contents } = await sync(counting, asking(...names.keys()));
    expect(contents).toEqual(names.map((name, id) => [id, name]));
    expect(readings).toEqual([5_000, 200]);
  });

  test('sends an empty file as its end alone', async () => {
    const { sent } = await sync(contextOf({ empty: '' }), asking(0));
    expect(sent.filter(({ kind }) => kind === 'data')).toEqual([{ kind: 'data', id: 0, data: Buffer.alloc(0) }]);
  });

  test('sends a large file in pieces that gRPC takes', async () => {
    const context = served([{ size: 10_000_000 }], async function* () {
      yield Buffer.alloc(10_000_000, 'x');
    });
    const { sent, error } = await sync(context, asking(0));
    expect(error).toBeNull();
    const sizes = sent.flatMap((packet) => (packet.kind === 'data' ? [packet.data.length] : []));
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000_000);
  });

  test('offers 10,000 files', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index % 100}/${index}`, 'x']));
    const { paths } = await sync(contextOf(many), asking());
    expect(paths).toHaveLength(10_100);
  });
});

describe('a sync that goes wrong', () => {
  test.each([
    ['an unknown item', 99],
    ['a folder', 2],
    ['a link', 5],
  ])('by a request for %s fails, and is no fault of ours', async (_, id) => {
    const { error, failures } = await sync(contextOf(files), asking(id));
    expect(error).toMatchObject({ code: 'engine-error' });
    expect(failures).toEqual([]);
  });

  test('by an error of the engine has its words, and is no fault of ours', async () => {
    const script: Script = (sent, { say }) => {
      if (sent.kind === 'end-of-stats') say(engineError('no space left on device'));
    };
    const { error, failures } = await sync(contextOf(files), script);
    expect(error).toMatchObject({ code: 'engine-error' });
    expect(String(error)).toContain('no space left on device');
    expect(failures).toEqual([]);
  });

  test.each<[string, (sent: SentPacket) => boolean]>([
    ['while it is offered', (sent) => sent.kind === 'stat'],
    ['when all is offered', (sent) => sent.kind === 'end-of-stats'],
    ['while a file is sent', (sent) => sent.kind === 'data'],
  ])('by an engine that breaks off %s is no fault of ours', async (_, when) => {
    const script: Script = (sent, { say, over }) => {
      if (sent.kind === 'end-of-stats') say(askFor(3));
      if (when(sent)) over();
    };
    const { error, failures } = await sync(contextOf(files), script);
    expect(error).toMatchObject({ code: 'engine-unavailable' });
    expect(failures).toEqual([]);
  });

  test.each<[string, string, (() => AsyncGenerator<Buffer>) | null]>([
    [
      'fails halfway',
      'the disk is gone',
      async function* () {
        yield Buffer.from('a');
        throw new Error('the disk is gone');
      },
    ],
    [
      'gives less than announced',
      'a has 1 bytes, not the announced 2',
      async function* () {
        yield Buffer.from('a');
      },
    ],
    [
      'gives more than announced',
      'a has 3 bytes, not the announced 2',
      async function* () {
        yield Buffer.from('aaa');
      },
    ],
    ['leaves a file out', 'a did not arrive', null],
  ])('by a source that %s fails the build with that', async (_, words, pieces) => {
    const context = pieces
      ? served([{}], pieces)
      : { ...served([{}], async function* () {}), async *open(): AsyncGenerator<never> {} };
    const { error, failures } = await sync(context, asking(0));
    expect(String(error)).toContain(words);
    expect(failures).toEqual([error]);
  });

  test.each([
    ['cannot be read', 5, 'no such link'],
    ['is longer than a link can be', 4097, 'The symbolic link a has a target of 4,097 bytes; the limit is 4,096.'],
  ])('by a link that %s fails the build with that', async (_, size, words) => {
    const context = served([{ mode: '120000', size }], async function* (): AsyncGenerator<Buffer> {
      throw new Error('no such link');
    });
    const { failures } = await sync(context, asking());
    expect(failures.map(String)).toEqual([expect.stringContaining(words)]);
  });

  test('ends its source when the engine wants no more', async () => {
    let ended = false;
    const context = served([{ size: 1e12 }], async function* () {
      try {
        for (;;) yield Buffer.alloc(65_536);
      } finally {
        ended = true;
      }
    });
    const script: Script = (sent, { say, over }) => {
      if (sent.kind === 'end-of-stats') say(askFor(0));
      if (sent.kind === 'data') over();
    };
    expect((await sync(context, script)).error).toMatchObject({ code: 'engine-unavailable' });
    expect(ended).toBe(true);
  });
});
