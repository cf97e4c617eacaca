/** Packs that are taken in without git: held against what git itself makes of the same bytes. */
import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { startGit } from '../../src/git/process/run-git.js';
import { applyDelta } from '../../src/git/pack/delta.js';
import { packIndex } from '../../src/git/pack/pack-index.js';
import { parsePack, type PackedObject } from '../../src/git/pack/parse-pack.js';
import { takeIn } from '../../src/git/pack/take-in.js';
import { git } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();
const timeouts = { transfer: 60_000 };
const clock = { now: () => Date.now() };
const plenty = { objects: 10_000, bytes: 1e8 };

/** Texts of which each differs from the one before in a line, so that git packs them as deltas. */
const versions = (lines: number, count: number) =>
  Array.from({ length: count }, (_, version) =>
    Array.from({ length: lines }, (_line, at) => `line ${at} of ${at === version ? 'a later' : 'the first'} time`).join(
      '\n',
    ),
  );

/** A repository with whatever a pack may hold: deltas on deltas, an empty file, an annotated tag, a large file. */
async function variedHistory(): Promise<readonly string[]> {
  for (const [version, text] of versions(400, 12).entries()) {
    const files = { [`folder ${version % 3}/ä`]: text, same: text, empty: '', [`n${version}`]: String(version) };
    await on.repo.commit({ files, message: `Version ${version}` });
  }
  const head = await on.repo.commit({ files: { large: Buffer.alloc(100_000, 'x') } });
  await on.repo.tag('v1', head, 'Annotated');
  const listed = await on.repo.git('rev-list', '--objects', '--all');
  return listed.split('\n').map((line) => line.split(' ')[0] ?? '');
}

const packOf = (ids: readonly string[], ...options: string[]) =>
  git(on.repo.dir, ['pack-objects', '--stdout', '-q', ...options], { input: `${ids.join('\n')}\n` });

/** An empty repository beside the host's. */
async function emptyMirror(): Promise<string> {
  const folder = await mkdtemp(join(on.dir, 'mirror-'));
  await git(folder, ['init', '--quiet', '--bare', '--template=', '.']);
  return folder;
}

const starting = (folder: string, started: string[]) => (args: readonly string[]) => {
  started.push(args[0] ?? '');
  return startGit(args, { PATH: process.env['PATH'] ?? '', GIT_DIR: folder });
};

async function* inPieces(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('objects, ids and the index are those that git makes of the pack, byte for byte', async () => {
  const ids = await variedHistory();
  const bytes = await packOf(ids, '--delta-base-offset');
  const pack = parsePack(bytes, plenty);
  expect(pack?.objects.map(({ id }) => id).sort()).toEqual([...ids].sort());
  for (const { id, type, content } of pack?.objects ?? []) {
    expect((await git(on.repo.dir, ['cat-file', type, id])).equals(content)).toBe(true);
  }
  const dir = await mkdtemp(join(tmpdir(), 'slipway-pack-'));
  await writeFile(join(dir, 'x.pack'), bytes);
  await git(on.repo.dir, ['index-pack', join(dir, 'x.pack')]);
  expect(pack && packIndex(pack).equals(await readFile(join(dir, 'x.idx')))).toBe(true);
  const depths = (await git(on.repo.dir, ['verify-pack', '-v', join(dir, 'x.idx')])).toString();
  expect(depths).toContain('chain length = 2');
  await rm(dir, { recursive: true });
});

test('a pack that is cut off, altered anywhere or over a limit is refused', async () => {
  const bytes = await packOf(await variedHistory(), '--delta-base-offset');
  for (const length of [0, 5, 12, 31, 32, bytes.length - 1]) {
    expect(parsePack(bytes.subarray(0, length), plenty)).toBeNull();
  }
  for (let at = 0; at < bytes.length; at += 97) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 0x10;
    expect(parsePack(altered, plenty)).toBeNull();
  }
  expect(parsePack(Buffer.concat([bytes, Buffer.alloc(1)]), plenty)).toBeNull();
  const count = bytes.readUInt32BE(8);
  expect(parsePack(bytes, { ...plenty, objects: count })).not.toBeNull();
  expect(parsePack(bytes, { ...plenty, objects: count - 1 })).toBeNull();
  const { size, deltas } = await unpackedSizes(bytes);
  expect(deltas).toBeGreaterThan(0);
  expect(parsePack(bytes, { ...plenty, bytes: size + deltas })).not.toBeNull();
  expect(parsePack(bytes, { ...plenty, bytes: size + deltas - 1 })).toBeNull();
});

/** Bytes of the objects, and of the deltas that some of them are made from, as git has them. */
async function unpackedSizes(bytes: Buffer): Promise<{ readonly size: number; readonly deltas: number }> {
  const folder = await emptyMirror();
  await git(folder, ['index-pack', '--stdin'], { input: bytes });
  const rows = (format: string) =>
    git(folder, ['cat-file', '--batch-all-objects', `--batch-check=${format}`]).then((out) =>
      out.toString().trim().split('\n'),
    );
  const size = (await rows('%(objectsize)')).reduce((sum, row) => sum + Number(row), 0);
  const [name = ''] = (await readdir(join(folder, 'objects', 'pack'))).filter((file) => file.endsWith('.idx'));
  const listed = (await git(folder, ['verify-pack', '-v', join(folder, 'objects', 'pack', name)])).toString();
  // Of a delta, with its depth and its base, verify-pack gives the delta's own size.
  const deltas = [...listed.matchAll(/^[0-9a-f]{40} \w+ +(\d+) \d+ \d+ \d+ [0-9a-f]{40}$/gm)];
  return { size, deltas: deltas.reduce((sum, [, own]) => sum + Number(own), 0) };
}

test('a small pack comes into a mirror without a process; git reads it and finds nothing amiss', async () => {
  const ids = await variedHistory();
  const bytes = await packOf(ids, '--delta-base-offset');
  const folder = await emptyMirror();
  const started: string[] = [];
  const learned: PackedObject[] = [];
  const deps = {
    folder,
    start: starting(folder, started),
    learn: (came: readonly PackedObject[]) => learned.push(...came),
    timeouts,
    clock,
  };
  expect(await takeIn(inPieces(bytes), deps)).toBe(true);
  expect(await takeIn(inPieces(bytes), deps)).toBe(true);
  expect(started).toEqual([]);
  expect(new Set(learned.map(({ id }) => id))).toEqual(new Set(ids));
  const files = await readdir(join(folder, 'objects', 'pack'));
  expect(files.map((file) => file.replace(/^pack-[0-9a-f]{40}/, 'pack')).sort()).toEqual([
    'pack.idx',
    'pack.pack',
    'pack.promisor',
  ]);
  await git(folder, ['fsck', '--full', '--strict']);
  const head = await on.repo.tip('main');
  expect((await git(folder, ['rev-list', '--count', head ?? ''])).toString().trim()).toBe('13');
});

test.each([
  ['deltas on objects that are named', (ids: readonly string[]) => packOf(ids)],
  [
    'more bytes than are taken in here',
    async (ids: readonly string[]) => packOf([...ids, await noise()], '--delta-base-offset'),
  ],
])('a pack with %s goes through git', async (_what, make) => {
  const ids = await variedHistory();
  const bytes = await make(ids);
  const folder = await emptyMirror();
  const started: string[] = [];
  expect(
    await takeIn(inPieces(bytes, 50_000), {
      folder,
      start: starting(folder, started),
      learn: () => undefined,
      timeouts,
      clock,
    }),
  ).toBe(true);
  expect(started).toEqual(['index-pack']);
  expect((await git(folder, ['rev-list', '--objects', '--count', ids[0] ?? ''])).toString().trim()).not.toBe('0');
});

/** Some 400,000 bytes that nothing makes smaller. */
async function noise(): Promise<string> {
  const blocks = Array.from({ length: 6250 }, (_, at) => createHash('sha512').update(String(at)).digest());
  const input = Buffer.concat(blocks);
  return (await git(on.repo.dir, ['hash-object', '-w', '--stdin'], { input })).toString().trim();
}

test.each([
  ['once it has all', 'cat >/dev/null; sleep 30'],
  ['without reading', 'sleep 30'],
])('a git that hangs %s is given up', async (_when, script) => {
  const folder = await emptyMirror();
  await writeFile(join(folder, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const start = (args: readonly string[]) => startGit(args, { PATH: `${folder}:${process.env['PATH'] ?? ''}` });
  const deps = { folder, start, learn: () => undefined, timeouts: { transfer: 200 }, clock };
  const taken = takeIn(inPieces(Buffer.alloc(1_000_000)), deps);
  expect(await taken.catch(() => false)).toBe(false);
});

test('what is no pack leaves nothing behind', async () => {
  const folder = await emptyMirror();
  const deps = { folder, start: starting(folder, []), learn: () => undefined, timeouts, clock };
  expect(await takeIn(inPieces(Buffer.from('PACK, but not really')), deps)).toBe(false);
  const whole = await packOf(await variedHistory(), '--delta-base-offset');
  expect(await takeIn(inPieces(whole.subarray(0, -10)), deps)).toBe(false);
  expect(await readdir(join(folder, 'objects', 'pack'))).toEqual([]);
});

test.each(['writeFile', 'sync'] as const)('a disk that is full (%s) is left no fuller', async (step) => {
  const bytes = await packOf(await variedHistory(), '--delta-base-offset');
  const folder = await emptyMirror();
  const some = await open(join(folder, 'HEAD'));
  await some.close();
  // Of all files.
  const methods = Object.getPrototypeOf(some) as typeof some;
  const full = jest.spyOn(methods, step).mockRejectedValue(new Error('ENOSPC'));
  try {
    const deps = { folder, start: starting(folder, []), learn: () => undefined, timeouts, clock };
    await expect(takeIn(inPieces(bytes), deps)).rejects.toThrow('ENOSPC');
  } finally {
    full.mockRestore();
  }
  expect(await readdir(join(folder, 'objects', 'pack'))).toEqual([]);
});

test.each([
  ['copies and inserts', [5, 7, 0x90, 3, 2, 0x68, 0x69, 0x91, 3, 2], 'abchide'],
  ['a base of another size', [6, 3, 0x90, 3], null],
  ['a copy beyond the base', [5, 3, 0x91, 3, 3], null],
  ['an insert beyond the end', [5, 3, 3, 0x68], null],
  ['an instruction that is kept for later', [5, 1, 0], null],
  ['less than it states', [5, 4, 0x90, 3], null],
  ['more than it states', [5, 2, 0x90, 3], null],
  ['a size without an end', [0x85, 0x80], null],
  ['more than may be made', [5, 8, 0x90, 5, 0x90, 3], null],
  ['a copy that is cut off', [5, 3, 0xb0, 3], null],
  ['nothing', [], null],
])('a delta with %s', (_what, delta, made) => {
  expect(applyDelta(Buffer.from('abcde'), Buffer.from(delta), 7)?.toString() ?? null).toBe(made);
});
