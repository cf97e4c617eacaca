import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plenty } from '../contracts/git-stage.js';
import { Secret } from '../../src/secret.js';
import type { GitHostOptions } from '../../src/git/host/host.js';
import { readPackets, writePackets } from '../../src/git/upload-pack/pkt-line.js';
import { openUploadPack } from '../../src/git/upload-pack/upload-pack.js';
import { startTestGitHost } from '../support/git.js';
import { realClock, useGitHost } from './surroundings.js';

const on = useGitHost();
const asked = () => on.host.server.requests.map(({ method, url }) => `${method} ${url.replace(/.*\.git\//, '')}`);

/** A mirror that has followed the host once, and what the host was asked since. */
async function followed() {
  const { mirror } = on.create();
  const { remote, history, tree } = mirror('abc/app');
  await remote.fetch([await on.repo.commit({ files: { a: '1' } })]);
  await remote.refs();
  on.host.server.requests.length = 0;
  return { remote, history, tree };
}

const post = 'POST git-upload-pack';

describe('once a mirror follows its host', () => {
  test('a push costs two requests side by side: for what is new, and for the references', async () => {
    const { remote, history, tree } = await followed();
    const sha = await on.repo.commit({ files: { a: '2', b: randomBytes(70_000) } });
    await on.repo.tag('v1', sha, 'Annotated');
    await remote.fetch([sha]);
    expect((await remote.refs(3_600_000)).heads.get('main')).toBe(sha);
    expect(asked()).toEqual([post, post]);
    expect(await history.count(sha)).toBe(2);
    expect((await tree.read(sha, 'a', plenty))?.content?.toString()).toBe('2');
    expect(asked()).toEqual([post, post]);
    expect((await tree.read(sha, 'b', plenty))?.size).toBe(70_000);
    expect(asked()).toEqual([post, post, post]);
    expect(await remote.refs()).toEqual(await on.create().mirror('abc/app').remote.refs());
  });

  test('a commit that the host lacks is left to git, which tells what there is', async () => {
    const { remote, history } = await followed();
    const sha = await on.repo.commit({ files: { a: '2' } });
    await remote.fetch([sha, '1'.repeat(40)]);
    expect(await history.has(sha)).toBe(true);
    expect(await history.has('1'.repeat(40))).toBe(false);
    expect(asked()).toContain('GET info/refs?service=git-upload-pack');
  });

  test('histories of no relation, forced pushes and new branches come as they do with git', async () => {
    const { remote, history } = await followed();
    const other = await on.repo.commit({ files: { x: '1' }, parents: [], branch: 'other' });
    const forced = await on.repo.commit({ files: { a: '3' }, parents: [], branch: 'main' });
    const merged = await on.repo.commit({ files: { y: '1' }, parents: [other, forced], branch: 'topic/ünï' });
    await remote.fetch([merged]);
    expect(await history.count(merged)).toBe(3);
    expect([...(await remote.refs(3_600_000)).heads]).toEqual([
      ['main', forced],
      ['other', other],
      ['topic/ünï', merged],
    ]);
  });

  test('what it brought is there after a restart, and is put together with the rest', async () => {
    const { remote, history } = on.create({ packLimit: 3 }).mirror('abc/app');
    await remote.fetch([await on.repo.commit({ files: { a: '0' } })]);
    const shas: string[] = [];
    for (const a of ['1', '2', '3', '4', '5', '6']) {
      shas.push(await on.repo.commit({ files: { a } }));
      await remote.fetch(shas.slice(-1));
    }
    for (const sha of shas) expect(await history.has(sha)).toBe(true);
    const again = on.create().mirror('abc/app');
    const last = await on.repo.commit({ files: { a: 'last' } });
    await again.remote.fetch([last]);
    expect(await again.history.count(last)).toBe(8);
    expect((await again.tree.read(shas[2] ?? '', 'a', plenty))?.content?.toString()).toBe('3');
  });
});

test('the host is signed in to as git does', async () => {
  await on.host.close();
  on.host = await startTestGitHost({ username: 'x-access-token', password: 'secret' });
  on.repo = await on.host.repo('abc/app');
  const { remote, history } = on.create({ token: new Secret('secret') }).mirror('abc/app');
  await remote.fetch([await on.repo.commit({ files: { a: '1' } })]);
  await remote.refs();
  on.host.server.requests.length = 0;
  const sha = await on.repo.commit({ files: { a: '2' } });
  await remote.fetch([sha]);
  expect(await history.has(sha)).toBe(true);
  expect(asked()).toEqual([post, post]);
});

test.each<[string, Partial<GitHostOptions>]>([
  ['a proxy is set', { env: { ...process.env, no_proxy: '127.0.0.1', http_proxy: 'http://127.0.0.1:1' } }],
  ['the shortcut is switched off', { shortcut: false }],
])('if %s, only git goes to the host', async (_, settings) => {
  let tried = 0;
  const refusing = () => {
    tried += 1;
    return Promise.reject(new Error('asked'));
  };
  const { remote, history } = on.create({ ...settings, fetch: refusing }).mirror('abc/app');
  await remote.fetch([await on.repo.commit({ files: { a: '1' } })]);
  const sha = await on.repo.commit({ files: { a: '2' } });
  await remote.fetch([sha]);
  expect(await history.has(sha)).toBe(true);
  expect((await remote.refs()).heads.get('main')).toBe(sha);
  expect(tried).toBe(0);
});

describe('a host that answers oddly', () => {
  let between: Server | null = null;
  afterEach(() => new Promise((resolve) => (between === null ? resolve(null) : between.close(resolve))));

  /** Passes GETs on; POSTs of the short way get this answer, those of git too where it asks. */
  async function behind(answer: RequestListener): Promise<{ url: string; odd: () => number }> {
    let odd = 0;
    between = createServer((request, response) => {
      const isGit = request.headers['user-agent']?.startsWith('git/') === true;
      const location = `${on.host.server.url}${request.url}`;
      if (isGit) return void response.writeHead(307, { location }).end();
      if (request.method === 'GET') {
        const headers = { 'git-protocol': 'version=2' };
        return void fetch(location, { headers }).then(async (got) =>
          response.end(Buffer.from(await got.arrayBuffer())),
        );
      }
      odd += 1;
      request.resume();
      return answer(request, response);
    });
    await new Promise<void>((resolve) => between?.listen(0, '127.0.0.1', resolve));
    const { port } = between.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/{repository}.git`, odd: () => odd };
  }

  test.each<[string, RequestListener]>([
    ['with a page', (_, response) => response.end('<html>')],
    ['with nothing', (_, response) => response.end()],
    ['by hanging up in the middle', (_, response) => void response.write('00', () => response.destroy())],
    ['with a status', (_, response) => response.writeHead(502).end()],
    ['by sending elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['with an error', (_, response) => response.end(writePackets(['ERR no']))],
    [
      'with half a pack',
      (_, response) => response.end(Buffer.concat([writePackets(['packfile']), Buffer.from('0009\x01PACK')])),
    ],
    [
      'with what is not a pack',
      (_, response) => response.end(Buffer.concat([writePackets(['packfile']), Buffer.from('000d\x01no packs0000')])),
    ],
    [
      'with an error in place of the pack',
      (_, response) => response.end(Buffer.concat([writePackets(['packfile']), Buffer.from('0007\x03no0000')])),
    ],
  ])('%s is asked by git, and then not again for a while', async (_, answer) => {
    const { url, odd } = await behind(answer);
    let now = Date.now();
    const clock = { ...realClock, now: () => now };
    const { remote, history } = on.create({ cloneUrl: url, clock }).mirror('abc/app');
    for (const a of ['1', '2', '3']) {
      const sha = await on.repo.commit({ files: { a } });
      await remote.fetch([sha]);
      expect((await remote.refs()).heads.get('main')).toBe(sha);
      expect(await history.has(sha)).toBe(true);
    }
    const before = odd();
    expect(before).toBeLessThanOrEqual(2);
    now += 31_000;
    expect((await remote.refs()).defaultBranch).toBe('main');
    expect(odd()).toBe(before + 1);
  });
});

test('a host that never answers is given up in time, whatever garbage is collected in the meantime', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  on.host.server.fail('hang');
  const options = { url: `${on.host.server.url}/abc/app.git`, authorization: null, fetch, timeout: 300 };
  const asking = Array.from({ length: 40 }, () => openUploadPack(options));
  // A few times, and not before everything waits: each takes long where much is kept.
  let left = 5;
  const collecting = setInterval(() => {
    if (on.host.server.requests.length < asking.length) return;
    collect();
    if ((left -= 1) === 0) clearInterval(collecting);
  }, 20);
  try {
    expect(new Set(await Promise.all(asking))).toEqual(new Set([null]));
  } finally {
    clearInterval(collecting);
  }
});

describe('packets', () => {
  async function read(bytes: string, pieces: number): Promise<string[]> {
    const all = Buffer.from(bytes, 'latin1');
    const chunks = Array.from({ length: Math.ceil(all.length / pieces) }, (_, at) =>
      all.subarray(at * pieces, (at + 1) * pieces),
    );
    const seen: string[] = [];
    const source = (async function* () {
      yield* chunks;
    })();
    for await (const packet of readPackets(source))
      seen.push(packet.kind === 'line' ? packet.payload.toString('latin1') : packet.kind);
    return seen;
  }

  test.each([1, 2, 3, 7, 1000])('are put together from pieces of %i bytes', async (pieces) => {
    const bytes = '0006a\n0001' + '0004' + '000bhello\x00\n' + '0000' + '0002' + '0005b';
    expect(await read(bytes, pieces)).toEqual(['a\n', 'delimiter', '', 'hello\0\n', 'flush', 'end', 'b']);
  });

  test.each(['0003', 'zzzz', '-001abc', 'fff1' + 'x'.repeat(0xfff1)])(
    'end where there is none: %.10s',
    async (bytes) => {
      expect(await read(`0005a${bytes}`, 1000)).toEqual(['a']);
    },
  );

  test('are written with their length', () => {
    expect(writePackets(['want x', { mark: 'flush' }]).toString()).toBe('000bwant x\n0000');
  });
});
