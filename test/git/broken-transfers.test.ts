/** What a host sends may be broken. That is a fault of the transfer, never of the mirror, and leaves nothing behind. */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../../src/errors.js';
import { startGitProxy, type Change, type GitProxy } from '../support/git-proxy.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();
let proxy: GitProxy;

beforeEach(async () => {
  proxy = await startGitProxy(on.host.server.url);
});

afterEach(() => proxy.close());

/** Where the bytes of the pack are, behind the header of the first packet of its band. */
const inPack = (answer: Buffer) => answer.indexOf('PACK');
const flipped =
  (where: (answer: Buffer) => number): Change =>
  (answer) => {
    const changed = Buffer.from(answer);
    const at = where(answer);
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    return changed;
  };

const changes: readonly [string, Change][] = [
  ['with a changed byte in an object', flipped((answer) => inPack(answer) + 20)],
  ['with a changed byte near its end', flipped((answer) => answer.length - 30)],
  ['that claims more objects than it has', flipped((answer) => inPack(answer) + 11)],
  ['that breaks off', () => null],
  ['that ends too early', (answer) => answer.subarray(0, answer.length - 200)],
];

const halves = async () => {
  const names = await readdir(join(on.dir, 'abc', 'app.git', 'objects', 'pack')).catch(() => []);
  return names.filter((name) => name.startsWith('tmp_') || name.startsWith('.tmp'));
};

describe.each([
  ['by git', false],
  ['by the shortcut', true],
])('a transfer %s', (_how, shortcut) => {
  test.each(changes)('%s is tried again, and the mirror stays', async (_what, change) => {
    const lost = await on.repo.commit({ files: { a: '1' }, message: 'lost later' });
    const mirror = on.create({ cloneUrl: proxy.cloneUrl, shortcut }).mirror('abc/app');
    await mirror.remote.fetch([lost]);
    await on.repo.forcePush('main', await on.repo.commit({ files: { a: '2' }, parents: [], branch: null }));
    const next = await on.repo.commit({ files: { a: randomBytes(400_000).toString('hex'), b: 'b' } });
    proxy.change(change);
    await expect(mirror.remote.fetch([next])).rejects.toMatchObject({
      code: 'git-unavailable',
      retryable: true,
      blame: 'source',
    });
    expect(on.lines.filter((line) => line.includes('will be rebuilt'))).toEqual([]);
    expect(await halves()).toEqual([]);
    proxy.change(null);
    await mirror.remote.fetch([next]);
    expect(await mirror.history.count(next)).toBe(2);
    // A rebuilt mirror would lack what the host has pushed away.
    expect(await mirror.history.has(lost)).toBe(true);
  });
});

test.each(changes)('the first transfer %s is tried again', async (_what, change) => {
  const sha = await on.repo.commit({ files: { a: '1' } });
  const mirror = on.create({ cloneUrl: proxy.cloneUrl }).mirror('abc/app');
  proxy.change(change);
  await expect(mirror.remote.fetch([sha])).rejects.toMatchObject({ code: 'git-unavailable' });
  expect(await halves()).toEqual([]);
  proxy.change(null);
  await mirror.remote.fetch([sha]);
  expect(await mirror.history.count(sha)).toBe(1);
});

test('the half pack of another process that is still writing stays', async () => {
  const { mkdir, writeFile } = await import('node:fs/promises');
  const sha = await on.repo.commit({ files: { a: '1' } });
  const mirror = on.create({ cloneUrl: proxy.cloneUrl, shortcut: false }).mirror('abc/app');
  await mirror.remote.fetch([sha]);
  const folder = join(on.dir, 'abc', 'app.git');
  await mkdir(join(folder, 'slipway-transfers'), { recursive: true });
  await writeFile(join(folder, 'slipway-transfers', 'other'), '');
  await writeFile(join(folder, 'objects', 'pack', 'tmp_pack_other'), 'half');
  proxy.change(() => null);
  await expect(mirror.remote.fetch([await on.repo.commit({ files: { a: '2' } })])).rejects.toBeInstanceOf(SlipwayError);
  expect(await halves()).toContain('tmp_pack_other');
});

describe('below the floor of free disk space', () => {
  const full = () => Promise.reject(new SlipwayError('low-disk', 'Nothing is free.'));

  test.each([[true], [false]])('nothing is fetched, and what is there is read (shortcut: %s)', async (shortcut) => {
    let isFull = false;
    const requireRoom = () => (isFull ? full() : Promise.resolve());
    const sha = await on.repo.commit({ files: { a: '1' } });
    const mirror = on.create({ shortcut, requireRoom }).mirror('abc/app');
    await mirror.remote.fetch([sha]);
    isFull = true;
    const next = await on.repo.commit({ files: { a: '2' } });
    await expect(mirror.remote.fetch([next])).rejects.toMatchObject({ code: 'low-disk', retryable: true });
    await mirror.remote.fetch([sha]);
    expect(await mirror.history.count(sha)).toBe(1);
    isFull = false;
    await mirror.remote.fetch([next]);
    expect(await mirror.history.count(next)).toBe(2);
  });

  test('a transfer that is under way is stopped', async () => {
    const sha = await on.repo.commit({ files: { a: '1' } });
    let asked = 0;
    const clock = { now: () => Date.now(), sleep: async () => undefined };
    const requireRoom = () => ((asked += 1) > 1 ? full() : Promise.resolve());
    on.host.server.fail('hang');
    const mirror = on.create({ shortcut: false, requireRoom, clock }).mirror('abc/app');
    await expect(mirror.remote.fetch([sha])).rejects.toMatchObject({ code: 'low-disk' });
    expect(asked).toBe(2);
  });
});
