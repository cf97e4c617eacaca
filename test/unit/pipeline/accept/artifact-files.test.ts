import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createArtifactFiles } from '../../../../src/pipeline/accept/artifact-files.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-artifacts-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const files = () => createArtifactFiles({ dataDir, limit: () => 10 });
const content = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
const kept = () => readdir(join(dataDir, 'artifacts')).catch(() => []);

describe('an uploaded artifact', () => {
  test('is kept under a name of its own, with its size and digest', async () => {
    const received = await files().receive('app.jar', content('hello', 'world'));
    expect(received).toEqual({
      name: 'app.jar',
      size: 10,
      sha256: createHash('sha256').update('helloworld').digest('hex'),
      file: expect.stringMatching(/^artifacts\/[0-9a-f-]{36}$/),
    });
    expect(await readFile(join(dataDir, received.file), 'utf8')).toBe('helloworld');
    await files().discard(received);
    expect(await kept()).toEqual([]);
  });

  test('over the limit is refused and leaves nothing behind', async () => {
    await expect(files().receive('app.jar', content('hello', 'world', '!'))).rejects.toMatchObject({
      code: 'artifact-too-large',
    });
    expect(await kept()).toEqual([]);
  });

  test('that ends early leaves nothing behind', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('hello');
        throw new Error('connection lost');
      })(),
    );
    await expect(files().receive('app.jar', broken)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(await kept()).toEqual([]);
  });

  test('whose stream is destroyed without an error leaves nothing behind', async () => {
    const stream = new Readable({ read: () => undefined });
    const receiving = files().receive('app.jar', stream);
    stream.push('hello');
    stream.destroy();
    await expect(receiving).rejects.toMatchObject({ code: 'invalid-request' });
    expect(await kept()).toEqual([]);
  });

  test.each(['../app.jar', 'a/b.jar', 'a\\b.jar', '..', '.', '', 'a\0b', 'a\nb', '/etc/passwd'])(
    'must not be called %j',
    async (name) => {
      await expect(files().receive(name, content('x'))).rejects.toMatchObject({ code: 'unsafe-path' });
      expect(await kept()).toEqual([]);
    },
  );

  test.each(['app.jar', 'app..jar', '.hidden', 'ünïcode 1.0.tar.gz', '--version'])('may be called %j', async (name) => {
    expect((await files().receive(name, content('x'))).name).toBe(name);
  });
});
