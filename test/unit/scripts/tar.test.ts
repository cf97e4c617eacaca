import { jest } from '@jest/globals';
import { extract } from 'tar-stream';
import { tar } from '../../../scripts/parts/tar.mjs';

interface Read {
  name: string;
  type: string;
  mode: number;
  linkname: string | null;
  content: string;
}

async function entriesOf(archive: Buffer): Promise<Read[]> {
  const found: Read[] = [];
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    const { name, type, mode, linkname } = entry.header;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    found.push({ name, type, mode, linkname: linkname || null, content: Buffer.concat(chunks).toString() });
  }
  return found;
}

describe('a tar archive of the commands', () => {
  test.each([
    ['a file', { path: 'a.txt', content: 'hello' }, { type: 'file', mode: 0o644, linkname: null, content: 'hello' }],
    ['an empty file', { path: 'empty', content: '' }, { type: 'file', mode: 0o644, linkname: null, content: '' }],
    ['a file of one block', { path: 'b', content: 'x'.repeat(512) }, { type: 'file', content: 'x'.repeat(512) }],
    ['a program', { path: 'bin/run', content: '#!', mode: 0o755 }, { type: 'file', mode: 0o755, content: '#!' }],
    ['a link', { path: 'bin/sh', link: 'busybox' }, { type: 'symlink', linkname: 'busybox', content: '' }],
    ['a folder', { path: 'tmp/', mode: 0o1777 }, { type: 'directory', mode: 0o1777, content: '' }],
  ])('holds %s', async (_, entry, expected) => {
    const [read] = await entriesOf(await tar([entry, { path: 'after', content: 'x' }]));
    expect(read).toMatchObject({ ...expected, name: entry.path });
  });

  test('keeps the order of its entries', async () => {
    const paths = ['z', 'a', 'm'];
    const read = await entriesOf(await tar(paths.map((path) => ({ path, content: path }))));
    expect(read.map(({ name }) => name)).toEqual(paths);
  });

  test('has the same bytes for the same entries, whenever it is made', async () => {
    const entries = [{ path: 'a', content: 'x' }, { path: 'b/' }, { path: 'c', link: 'a' }];
    const first = await tar(entries);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'], now: Date.now() + 86_400_000 });
    try {
      expect((await tar(entries)).equals(first)).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  test('holds a long name and a content of megabytes', async () => {
    const [path, content] = ['x'.repeat(300), 'y'.repeat(3_000_000)];
    expect(await entriesOf(await tar([{ path, content }]))).toMatchObject([{ name: path, content }]);
  });
});
