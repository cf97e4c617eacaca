import { digestOf } from '../../../src/registry/manifest.js';
import { createRegistry } from '../../../src/registry/registry.js';
import { failureOf } from '../../support/failure-of.js';
import { keptLog } from '../../support/kept-log.js';
import {
  scriptedServer,
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../../support/scripted-server.js';
import { tinyImage } from '../../support/tiny-image.js';

const { manifest, config } = tinyImage('content');
const configDigest = digestOf(config);
const found = {
  status: 200,
  headers: { 'content-type': manifest.mediaType, 'docker-content-digest': manifest.digest },
  body: manifest.body,
};

describe('what a registry answers', () => {
  let server: ScriptedServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  const against = async (
    answer: (request: ScriptedRequest) => ScriptedAnswer | 'hang',
    timeoutMs = 5_000,
    now = () => 0,
  ) => {
    server = await scriptedServer(answer);
    const { host } = server;
    const options = {
      host,
      username: null,
      password: null,
      insecure: false,
      clock: { now },
      log: keptLog(),
      timeoutMs,
    };
    return { registry: createRegistry(options), server };
  };

  test.each([
    [401, 'registry-unauthorized'],
    [403, 'registry-refused'],
    [408, 'registry-unavailable'],
    [425, 'registry-unavailable'],
    [429, 'registry-unavailable'],
    [500, 'registry-unavailable'],
    [503, 'registry-unavailable'],
    [400, 'registry-refused'],
    [405, 'registry-refused'],
    [409, 'registry-refused'],
    [412, 'registry-refused'],
    [418, 'registry-refused'],
    [203, 'registry-error'],
  ])('with status %i is %s, whatever was asked', async (status, code) => {
    const { registry } = await against(() => ({ status }));
    await expect(registry.ping()).rejects.toMatchObject({ code });
    await expect(registry.manifest('app', 'main')).rejects.toMatchObject({ code });
    await expect(registry.config('app', configDigest)).rejects.toMatchObject({ code });
    await expect(registry.tags('app')).rejects.toMatchObject({ code });
    await expect(registry.mayPush('app')).rejects.toMatchObject({ code });
    await expect(registry.putTag('app', 'main', manifest)).rejects.toMatchObject({ code, blame: 'registry' });
  });

  test.each([
    [400, 'TAG_INVALID', 'The image tag main cannot be overwritten because the tag is immutable.'],
    [404, 'NAME_UNKNOWN', 'The repository with name app does not exist'],
    [412, 'DENIED', 'will exceed the configured upper limit of 5.0 MiB.'],
  ])('with status %i to a tag is final, and its words are in the message: %s', async (status, code, message) => {
    const { registry } = await against(() => ({ status, body: JSON.stringify({ errors: [{ code, message }] }) }));
    const error = await failureOf(registry.putTag('app', 'main', manifest));
    expect(error).toMatchObject({ code: 'registry-refused', retryable: false, blame: 'registry' });
    expect(error?.message).toContain(`(${code}: ${message})`);
  });

  test.each([
    ['/v2/app/blobs/uploads/1?state=x', 'DELETE /v2/app/blobs/uploads/1?state=x'],
    ['https://HOST/v2/app/blobs/uploads/1', 'DELETE /v2/app/blobs/uploads/1'],
    ['https://storage.abc.net/1', null],
    ['http://[', null],
    [null, null],
  ])('to a started upload at %s ends in its cancellation, at the registry alone', async (location, last) => {
    const { registry, server } = await against(({ method, headers }) => {
      const place = location?.replace('HOST', String(headers.host));
      if (method === 'POST') return { status: 202, ...(place && { headers: { location: place } }) };
      return { status: 405 };
    });
    await registry.mayPush('app');
    const asked = server.requests.map(({ method, path }) => `${method} ${path}`);
    expect(asked).toEqual(['POST /v2/app/blobs/uploads/', ...(last === null ? [] : [last])]);
  });

  test.each([
    ['Thu, 01 Jan 1970 00:01:30 GMT', 90_000],
    ['soon', null],
  ])('has the time %s', async (date, time) => {
    const { registry } = await against(() => ({ status: 401, headers: { date } }));
    await expect(registry.time()).resolves.toBe(time);
  });

  test.each([[200], [201], [202], [204], [206]])(
    'with status %i to a tag is success where the tag is read back',
    async (status) => {
      const { registry } = await against(({ method }) => (method === 'PUT' ? { status } : found));
      await expect(registry.putTag('app', 'main', manifest)).resolves.toBe(manifest.digest);
    },
  );

  test('with status 202 is no success where the tag is not there', async () => {
    const headers = { 'docker-content-digest': manifest.digest };
    const { registry } = await against(({ method }) => ({ status: method === 'PUT' ? 202 : 404, headers }));
    await expect(registry.putTag('app', 'main', manifest)).rejects.toMatchObject({
      code: 'digest-mismatch',
      retryable: true,
    });
  });

  test('with status 201 and another digest is decided by what is read back', async () => {
    const headers = { 'docker-content-digest': `sha512:${'1'.repeat(128)}` };
    const { registry } = await against(({ method }) => (method === 'PUT' ? { status: 201, headers } : found));
    await expect(registry.putTag('app', 'main', manifest)).resolves.toBe(manifest.digest);
  });

  test.each<[string, number, Record<string, string>, number]>([
    ['seconds', 429, { 'retry-after': '60' }, 60_000],
    ['seconds', 503, { 'retry-after': '5' }, 5_000],
    ['seconds', 403, { 'retry-after': '5' }, 5_000],
    ['a date', 429, { 'retry-after': 'Thu, 01 Jan 1970 00:01:30 GMT' }, 90_000],
    ['GitHub’s reset', 429, { 'x-ratelimit-reset': '120' }, 120_000],
  ])('names a time by %s (%i), and nothing is asked before it', async (_how, status, headers, retryAt) => {
    let now = 0;
    const { registry, server } = await against(
      () => (now < retryAt ? { status, headers } : found),
      5_000,
      () => now,
    );
    const waiting = { code: 'registry-unavailable', retryable: true, retryAt };
    await expect(registry.manifest('app', 'main')).rejects.toMatchObject(waiting);
    now = retryAt - 1;
    await expect(registry.putTag('app', 'main', manifest)).rejects.toMatchObject(waiting);
    await expect(registry.ping()).rejects.toMatchObject(waiting);
    expect(server.requests).toHaveLength(1);
    now = retryAt;
    await expect(registry.manifest('app', 'main')).resolves.toMatchObject({ digest: manifest.digest });
  });

  test('that names no time, or one that is no time, is asked again at once', async () => {
    const { registry, server } = await against(() => ({ status: 503, headers: { 'retry-after': 'soon' } }));
    for (const _ of [1, 2])
      await expect(registry.ping()).rejects.toMatchObject({ code: 'registry-unavailable', retryAt: null });
    expect(server.requests).toHaveLength(2);
  });

  test('is registry-error where it lists more than 64 MiB of tags, and no more is asked for', async () => {
    const body = `{"tags":["main"]}${' '.repeat(14 << 20)}`;
    let page = 0;
    const { registry, server } = await against(() => {
      page += 1;
      const headers: Record<string, string> = page < 6 ? { link: `</v2/app/tags/list?page=${page}>; rel="next"` } : {};
      return { status: 200, headers, body };
    });
    await expect(registry.tags('app')).rejects.toMatchObject({ code: 'registry-error' });
    expect(server.requests).toHaveLength(5);
  });

  test('is registry-error where a page holds more than 100,000 values', async () => {
    const { registry } = await against(() => ({ status: 200, body: `{"tags":[${'[],'.repeat(200_000)}"main"]}` }));
    await expect(registry.tags('app')).rejects.toMatchObject({ code: 'registry-error' });
  });

  test('names the registry’s own words in the message, shortened', async () => {
    const errors = [{ code: 'DENIED', message: 'quota '.repeat(100) }];
    const { registry } = await against(() => ({ status: 403, body: JSON.stringify({ errors }) }));
    await expect(registry.tags('app')).rejects.toThrow(/status 403 \(DENIED: quota quota .{1,200}\)\.$/);
  });

  test('is registry-refused where /v2/ is no registry’s', async () => {
    const { registry } = await against(() => ({ status: 404 }));
    await expect(registry.ping()).rejects.toMatchObject({ code: 'registry-refused' });
  });

  test('asks for Docker’s and OCI’s manifests and indexes', async () => {
    const { registry, server } = await against(() => found);
    await registry.manifest('app', 'main');
    expect(server.requests[0]?.headers.accept?.split(', ').sort()).toEqual([
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.oci.image.manifest.v1+json',
    ]);
  });

  test('has no configuration digest where the manifest is an index', async () => {
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const body = JSON.stringify({ schemaVersion: 2, manifests: [] });
    const headers = { 'content-type': `${mediaType}; charset=utf-8` };
    const { registry } = await against(() => ({ status: 200, headers, body }));
    await expect(registry.manifest('app', 'main')).resolves.toMatchObject({ mediaType, configDigest: null });
  });

  const other = `sha256:${'1'.repeat(64)}`;
  test.each([
    ['the stated digest', 'main', { 'docker-content-digest': other }],
    ['the digest that was asked for', other, {}],
  ])('is digest-mismatch where the bytes do not have %s', async (_what, reference, headers) => {
    const { registry } = await against(() => ({ ...found, headers: { ...found.headers, ...headers } }));
    await expect(registry.manifest('app', reference)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('is digest-mismatch where a tag comes to name something else than was put', async () => {
    const another = tinyImage('other').manifest;
    const stating: ScriptedAnswer = { status: 201, headers: { 'docker-content-digest': other } };
    const { registry } = await against(({ method }) =>
      method === 'PUT' ? stating : { status: 200, headers: { 'content-type': another.mediaType }, body: another.body },
    );
    await expect(registry.putTag('app', 'main', manifest)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('is read back where the registry does not state the digest of what was put', async () => {
    const { registry, server } = await against(({ method }) => (method === 'PUT' ? { status: 201 } : found));
    await expect(registry.putTag('app', 'main', manifest)).resolves.toBe(manifest.digest);
    expect(server.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    expect(server.requests[0]?.body).toBe(manifest.body.toString());
  });

  test.each([
    ['no JSON', 'hello', found.headers['content-type']],
    ['no object', '[]', found.headers['content-type']],
    ['of an unknown form', '{}', 'text/plain'],
  ])('is registry-error where the manifest is %s', async (_what, body, type) => {
    const { registry } = await against(() => ({ status: 200, headers: { 'content-type': type }, body }));
    await expect(registry.manifest('app', 'main')).rejects.toMatchObject({ code: 'registry-error' });
  });

  test('is registry-error where a manifest is larger than any is', async () => {
    const { registry } = await against(() => ({ ...found, body: Buffer.alloc(5 << 20, 32) }));
    await expect(registry.manifest('app', 'main')).rejects.toMatchObject({ code: 'registry-error' });
  });

  test('is read where an image has its settings, whatever else is there', async () => {
    const body = JSON.stringify({ config: { Entrypoint: ['/init', 7, null, 'app'] }, rootfs: null });
    const { registry, server } = await against(() => ({ status: 200, body }));
    const digest = digestOf(Buffer.from(body));
    await expect(registry.config('app', digest)).resolves.toEqual({ entrypoint: ['/init', 'app'] });
    expect(server.requests.map(({ path }) => path)).toEqual([`/v2/app/blobs/${digest}`]);
  });

  test.each([
    ['other bytes', config.toString(), other, 'digest-mismatch'],
    ['no object', '[]', digestOf(Buffer.from('[]')), 'registry-error'],
    ['no JSON', 'hello', digestOf(Buffer.from('hello')), 'registry-error'],
    [
      'more than 1 MiB',
      config.toString() + ' '.repeat(1 << 20),
      digestOf(Buffer.from(config.toString() + ' '.repeat(1 << 20))),
      'registry-error',
    ],
  ])('is no configuration of an image where it is %s', async (_what, body, digest, code) => {
    const { registry } = await against(() => ({ status: 200, body }));
    await expect(registry.config('app', digest)).rejects.toMatchObject({ code });
  });

  test('is registry-unavailable where it does not come in time', async () => {
    const { registry } = await against(() => 'hang', 50);
    await expect(registry.ping()).rejects.toMatchObject({ code: 'registry-unavailable', retryable: true });
  });

  test('is followed from page to page of the tags', async () => {
    const { registry } = await against(({ path }) =>
      path.includes('last=b')
        ? { status: 200, body: '{"tags":["c"]}' }
        : { status: 200, headers: { link: '</v2/app/tags/list?last=b>; rel="next"' }, body: '{"tags":["a","b"]}' },
    );
    await expect(registry.tags('app')).resolves.toEqual(['a', 'b', 'c']);
  });

  test('is an empty list where all tags were deleted', async () => {
    const { registry } = await against(() => ({ status: 200, body: '{"name":"app","tags":null}' }));
    await expect(registry.tags('app')).resolves.toEqual([]);
  });
});
