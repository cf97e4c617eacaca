import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import type { BuildContext } from '../../../../src/engine/contract.js';
import { tarOf } from '../../../../src/engine/context/upload.js';
import { contextOf } from '../../../support/engine.js';

interface Unpacked {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly content: string;
}

async function unpack(archive: Buffer): Promise<Unpacked[]> {
  const found: Unpacked[] = [];
  const reader = extract();
  reader.on('entry', (header, stream, next) => {
    const parts: Buffer[] = [];
    stream.on('data', (chunk) => void parts.push(chunk as Buffer));
    stream.on('end', () => {
      const content = header.type === 'symlink' ? header.linkname : Buffer.concat(parts).toString();
      found.push({ name: header.name, type: header.type, mode: header.mode, content });
      next();
    });
    stream.resume();
  });
  const done = new Promise<void>((resolve) => void reader.on('finish', () => resolve()));
  reader.end(archive);
  await done;
  return found;
}

const long = `${'deep/'.repeat(60)}${'n'.repeat(150)}.txt`;

describe('a context as a tar archive', () => {
  test('has its entries in order, each folder before what is in it', async () => {
    const context = contextOf({
      'a/b/run.sh': { content: 'sh', mode: '100755' },
      'a/c': { content: '../x', mode: '120000' },
      Dockerfile: 'FROM scratch',
      empty: '',
    });
    expect(await unpack(await buffer(tarOf(context)))).toEqual(
      [
        { name: 'Dockerfile', type: 'file', mode: 0o644, content: 'FROM scratch' },
        { name: 'a/', type: 'directory', mode: 0o755, content: '' },
        { name: 'a/b/', type: 'directory', mode: 0o755, content: '' },
        { name: 'a/b/run.sh', type: 'file', mode: 0o755, content: 'sh' },
        { name: 'a/c', type: 'symlink', mode: 0o777, content: '../x' },
        { name: 'empty', type: 'file', mode: 0o644, content: '' },
      ].map((entry) => ({ ...entry, name: entry.name.replace(/\/$/, '') })),
    );
  });

  test('has folders that nothing is in', async () => {
    const context = { ...contextOf({ 'a/b': '1' }), folders: ['a/empty', 'c/empty'] };
    const entries = await unpack(await buffer(tarOf(context)));
    expect(entries.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'directory'],
      ['a/b', 'file'],
      ['a/empty', 'directory'],
      ['c', 'directory'],
      ['c/empty', 'directory'],
    ]);
  });

  test.each([['blanks and "quotes"'], ['grüße/日本語.txt'], ['line\nfeed'], [long], ['-rf'], ['*?[x]']])(
    'keeps the name %j',
    async (name) => {
      const entries = await unpack(await buffer(tarOf(contextOf({ [name]: 'x' }))));
      expect(entries.at(-1)).toMatchObject({ name, content: 'x' });
    },
  );

  test('has no link that is longer than a link can be', async () => {
    let read = false;
    const context = contextOf({ l: { content: 'x'.repeat(4097), mode: '120000' } });
    const watched: BuildContext = {
      ...context,
      async *open(entries) {
        for await (const { entry } of context.open(entries)) {
          const chunks = (async function* () {
            read = true;
            yield Buffer.from('x');
          })();
          yield { entry, chunks };
        }
      },
    };
    await expect(buffer(tarOf(watched))).rejects.toMatchObject({
      code: 'repository-too-large',
      message: 'The symbolic link l has a target of 4,097 bytes; the limit is 4,096.',
    });
    expect(read).toBe(false);
  });

  test('keeps the target of a link of any length that a link can have', async () => {
    const entries = await unpack(await buffer(tarOf(contextOf({ l: { content: long, mode: '120000' } }))));
    expect(entries).toMatchObject([{ type: 'symlink', content: long }]);
  });

  test('is the same bytes each time', async () => {
    const files = { 'a/b': '1', c: '2' };
    expect((await buffer(tarOf(contextOf(files)))).equals(await buffer(tarOf(contextOf(files))))).toBe(true);
  });

  test('is read as fast as it is taken, and no faster', async () => {
    const size = 64 * 1024 * 1024;
    let given = 0;
    const context = source([{ path: 'big', size }], async function* () {
      for (; given < size; given += 65_536) yield Buffer.alloc(65_536);
    });
    const archive = tarOf(context);
    await once(archive, 'readable');
    archive.read();
    expect(given).toBeLessThan(2 * 1024 * 1024);
    archive.destroy();
  });

  test('fails with the error of its source', async () => {
    const context = source([{ path: 'a', size: 4 }], async function* () {
      yield Buffer.from('ab');
      throw new Error('the disk is gone');
    });
    await expect(buffer(tarOf(context))).rejects.toThrow('the disk is gone');
  });

  test.each([
    ['less', 'ab'],
    ['more', 'abcdef'],
    ['nothing', ''],
  ])('fails where a source gives %s than announced', async (_, content) => {
    const context = source([{ path: 'a', size: 4 }], async function* () {
      yield Buffer.from(content);
    });
    await expect(buffer(tarOf(context))).rejects.toMatchObject({ code: 'internal' });
  });

  test('fails where a source leaves an entry out', async () => {
    const context = {
      ...contextOf({ a: '1', b: '2' }),
      open: () => contextOf({ a: '1' }).open(contextOf({ a: '1' }).entries),
    };
    await expect(buffer(tarOf(context))).rejects.toMatchObject({ code: 'internal' });
  });

  test('ends its source when it is not wanted any more', async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const context = source([{ path: 'a', size: 1e9 }], async function* () {
      try {
        for (;;) yield Buffer.alloc(65_536);
      } finally {
        ended();
      }
    });
    const archive = tarOf(context);
    await once(archive, 'readable');
    archive.destroy();
    await end;
  });
});

function source(files: readonly { path: string; size: number }[], chunks: () => AsyncGenerator<Buffer>): BuildContext {
  return {
    key: 'test',
    entries: files.map((file) => ({ ...file, mode: '100644', id: file.path })),
    async *open(entries) {
      for (const entry of entries) yield { entry, chunks: chunks() };
    },
  };
}
