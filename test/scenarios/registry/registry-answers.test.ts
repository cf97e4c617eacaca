import { createRegistry } from '../../../src/registry/registry.js';
import { keptLog } from '../../support/kept-log.js';
import {
  scriptedServer,
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../../support/scripted-server.js';
import { tinyImage } from '../../support/tiny-image.js';

const { manifest } = tinyImage('content');
const found = {
  status: 200,
  headers: { 'content-type': manifest.mediaType, 'docker-content-digest': manifest.digest },
  body: manifest.body,
};
const clock = { now: () => 0 };

describe('what a registry answers', () => {
  let server: ScriptedServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  const against = async (answer: (request: ScriptedRequest) => ScriptedAnswer | 'hang', timeoutMs = 5_000) => {
    server = await scriptedServer(answer);
    const { host } = server;
    const options = { host, username: null, password: null, insecure: false, clock, log: keptLog(), timeoutMs };
    return { registry: createRegistry(options), server };
  };

  test.each([
    [401, 'registry-unauthorized'],
    [403, 'registry-unauthorized'],
    [429, 'registry-unavailable'],
    [500, 'registry-unavailable'],
    [503, 'registry-unavailable'],
    [400, 'registry-error'],
    [405, 'registry-error'],
    [418, 'registry-error'],
  ])('with status %i is %s, whatever was asked', async (status, code) => {
    const { registry } = await against(() => ({ status }));
    await expect(registry.ping()).rejects.toMatchObject({ code });
    await expect(registry.manifest('app', 'main')).rejects.toMatchObject({ code });
    await expect(registry.tags('app')).rejects.toMatchObject({ code });
    await expect(registry.putTag('app', 'main', manifest)).rejects.toMatchObject({ code });
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

  test('is registry-error where /v2/ is no registry’s', async () => {
    const { registry } = await against(() => ({ status: 404 }));
    await expect(registry.ping()).rejects.toMatchObject({ code: 'registry-error' });
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
    const { registry } = await against(() => ({ status: 201, headers: { 'docker-content-digest': other } }));
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
