import { createRegistry } from '../../../src/registry/registry.js';
import { Secret } from '../../../src/secret.js';
import { keptLog } from '../../support/kept-log.js';
import { tinyImage } from '../../support/tiny-image.js';

const { manifest } = tinyImage('content');
const basic = `Basic ${Buffer.from('slipway:geheim').toString('base64')}`;

interface Seen {
  readonly url: string;
  readonly authorization: string | null;
}

type Answerer = (seen: Seen, number: number) => Response;

/** A client whose network is the function, with what went over it. */
function client(answer: Answerer, options: { host?: string; insecure?: boolean; anonymous?: boolean } = {}) {
  const seen: Seen[] = [];
  let now = 0;
  const log = keptLog();
  const registry = createRegistry({
    host: options.host ?? 'registry.test',
    username: options.anonymous ? null : 'slipway',
    password: options.anonymous ? null : new Secret('geheim'),
    insecure: options.insecure ?? false,
    clock: { now: () => now },
    log,
    fetch: async (input, init) => {
      const request = { url: String(input), authorization: new Headers(init?.headers).get('authorization') };
      seen.push(request);
      return answer(request, seen.length);
    },
  });
  return { registry, seen, log, pass: (ms: number) => (now += ms) };
}

const bearer = (realm: string) =>
  new Response('', {
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="reg",scope="repository:app:pull"` },
  });
const tags = () => Response.json({ tags: ['main'] });
const realm = 'https://auth.test/token';

describe('Basic', () => {
  const demanding: Answerer = ({ authorization }) =>
    authorization === basic
      ? tags()
      : new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } });

  test('is said when the registry asks for it, and from then on at once', async () => {
    const { registry, seen } = client(demanding);
    await registry.tags('app');
    await registry.tags('other');
    expect(seen.map(({ authorization }) => authorization)).toEqual([null, basic, basic]);
  });

  test('is not said over and over to a registry that refuses it', async () => {
    const { registry, seen } = client(
      () => new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }),
    );
    await expect(registry.tags('app')).rejects.toMatchObject({ code: 'registry-unauthorized' });
    await expect(registry.tags('app')).rejects.toMatchObject({ code: 'registry-unauthorized' });
    expect(seen).toHaveLength(3);
  });

  test('is not said without a password', async () => {
    const { registry, seen } = client(demanding, { anonymous: true });
    await expect(registry.tags('app')).rejects.toMatchObject({ code: 'registry-unauthorized' });
    expect(seen.map(({ authorization }) => authorization)).toEqual([null]);
  });
});

describe('Bearer', () => {
  const demanding: Answerer = ({ url, authorization }, number) => {
    if (url.startsWith(realm)) return Response.json({ token: `t${number}`, expires_in: 60 });
    return authorization?.startsWith('Bearer t') ? tags() : bearer(realm);
  };

  test('asks the token server that the registry names, with the password, for the scope', async () => {
    const { registry, seen } = client(demanding);
    await expect(registry.tags('app')).resolves.toEqual(['main']);
    expect(seen).toEqual([
      { url: 'https://registry.test/v2/app/tags/list?n=1000', authorization: null },
      { url: `${realm}?service=reg&scope=repository%3Aapp%3Apull`, authorization: basic },
      { url: 'https://registry.test/v2/app/tags/list?n=1000', authorization: 'Bearer t2' },
    ]);
  });

  test('keeps a token until shortly before it expires', async () => {
    const { registry, seen, pass } = client(demanding);
    await registry.tags('app');
    pass(54_000);
    await registry.tags('app');
    expect(seen).toHaveLength(4);
    pass(2_000);
    await registry.tags('app');
    expect(seen).toHaveLength(7);
  });

  test('asks for one token where many calls need it', async () => {
    const { registry, seen } = client(demanding);
    await Promise.all(Array.from({ length: 5 }, () => registry.tags('app')));
    expect(seen.filter(({ url }) => url.startsWith(realm))).toHaveLength(1);
  });

  test('asks for another token where the kept one is refused', async () => {
    let revoked = '';
    const { registry, seen } = client((request, number) =>
      request.authorization === revoked ? bearer(realm) : demanding(request, number),
    );
    await registry.tags('app');
    revoked = seen.at(-1)?.authorization ?? '';
    await expect(registry.tags('app')).resolves.toEqual(['main']);
  });

  test('does not use the token of reading for writing', async () => {
    const { registry, seen } = client((request, number) =>
      request.url.includes('/manifests/') && request.authorization !== null
        ? new Response('', { status: 201, headers: { 'docker-content-digest': manifest.digest } })
        : demanding(request, number),
    );
    await registry.tags('app');
    await registry.putTag('app', 'main', manifest);
    expect(seen[3]).toEqual({ url: 'https://registry.test/v2/app/manifests/main', authorization: null });
  });

  test('is asked for without a password where there is none', async () => {
    const { registry, seen } = client(demanding, { anonymous: true });
    await registry.tags('app');
    expect(seen[1]?.authorization).toBeNull();
  });

  test.each([
    ['plain http elsewhere', 'http://auth.test/token', {}],
    ['plain http of the same name', 'http://registry.test/token', {}],
    ['no address', 'token', {}],
    ['another protocol', 'ftp://auth.test/token', {}],
    ['plain http elsewhere, the registry being insecure', 'http://auth.test/token', { insecure: true }],
  ])('sends no password to a token server that is %s', async (_what, address, options) => {
    const { registry, seen } = client(() => bearer(address), options);
    await expect(registry.tags('app')).rejects.toMatchObject({ code: 'registry-unauthorized' });
    expect(seen.map(({ authorization }) => authorization)).toEqual([null]);
  });

  test.each([
    ['this machine', 'http://127.0.0.1:5001/token', {}],
    ['the insecure registry itself', 'http://registry.test/token', { insecure: true }],
  ])('sends the password over plain http to %s', async (_what, address, options) => {
    const { registry, seen } = client(
      ({ url, authorization }) =>
        url.startsWith(address) ? Response.json({ access_token: 'a' }) : authorization ? tags() : bearer(address),
      options,
    );
    await registry.tags('app');
    expect(seen[1]?.authorization).toBe(basic);
  });

  test.each([
    ['refuses', () => new Response('', { status: 401 }), 'registry-unauthorized'],
    ['is away', () => new Response('', { status: 503 }), 'registry-unavailable'],
    ['redirects', () => new Response('', { status: 302, headers: { location: 'https://x.test' } }), 'registry-error'],
    ['gives no token', () => Response.json({}), 'registry-error'],
    ['gives no usable token', () => Response.json({ token: 'a\r\nb' }), 'registry-error'],
  ])('fails by code where the token server %s', async (_what, answer, code) => {
    const { registry } = client(({ url }) => (url.startsWith(realm) ? answer() : bearer(realm)));
    await expect(registry.tags('app')).rejects.toMatchObject({ code });
  });
});

describe('the password', () => {
  test('is in no log line and no error', async () => {
    const { registry, log } = client(({ url, authorization }) =>
      url.startsWith(realm)
        ? Response.json({ token: 'secrettoken' })
        : new Response('', {
            status: authorization ? 403 : 401,
            headers: { 'www-authenticate': `Bearer realm="${realm}"` },
          }),
    );
    const error = await registry.tags('app').catch((thrown: unknown) => thrown);
    const said = JSON.stringify([log.lines, String(error), error]);
    for (const secret of ['geheim', basic, 'secrettoken']) expect(said).not.toContain(secret);
  });
});
