import { createRequire } from 'node:module';
import { SlipwayError } from '../../../src/errors.js';
import { openTestApp, must, pushPayload, sha, signature, signed, type TestApp } from '../../support/app.js';

const examples: { name: string; examples: unknown[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples');

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const post = (request: ReturnType<typeof signed>) => server.app.inject(request);

describe('the webhook', () => {
  test('answers a push with 202 once it and its look are stored', async () => {
    const published: unknown[] = [];
    server.events.subscribe((event) => published.push(event));
    const answer = await post(signed('push', pushPayload(), { 'x-github-delivery': 'd-1' }));
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ deliveryId: 'd-1', status: 'accepted' });
    expect(await server.store.deliveries.get('d-1')).toEqual({
      id: 'd-1',
      event: 'push',
      repository: 'abc/java-service-1',
      branch: 'main',
      before: sha('b'),
      after: sha('a'),
      receivedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      status: 'accepted',
      reason: null,
    });
    const [look] = await server.store.looks.due(Date.UTC(2026, 0, 3), 10, []);
    expect(look).toMatchObject({
      trigger: { kind: 'push', deliveryId: 'd-1', by: 'octocat' },
      repository: 'abc/java-service-1',
      ref: 'refs/heads/main',
      before: sha('b'),
      after: sha('a'),
    });
    expect(published).toEqual([{ type: 'delivery', id: 'd-1', status: 'accepted' }, { type: 'look' }]);
  });

  test('answers a delivery id seen before with 200 duplicate and looks only once', async () => {
    await post(signed('push', pushPayload(), { 'x-github-delivery': 'd-1' }));
    const again = await post(signed('push', pushPayload(), { 'x-github-delivery': 'd-1' }));
    expect([again.statusCode, again.json()]).toEqual([200, { status: 'duplicate' }]);
    expect(await server.store.looks.due(Date.UTC(2026, 0, 3), 10, [])).toHaveLength(1);
    expect(server.webhookAnswers).toEqual(['accepted', 'duplicate']);
  });

  test('answers a ping with pong', async () => {
    const answer = await post(signed('ping', { zen: 'Keep it logically awesome.' }));
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'pong' }]);
  });

  test.each([
    ['another event', 'issues', { action: 'opened' }, 'event-not-used'],
    ['a deleted branch', 'push', pushPayload({ deleted: true, after: sha('0') }), 'branch-deleted'],
    ['a branch whose after is zeros', 'push', pushPayload({ after: sha('0'), deleted: undefined }), 'branch-deleted'],
    ['a deleted tag', 'push', pushPayload({ ref: 'refs/tags/v1', deleted: true, after: sha('0') }), 'tag-deleted'],
    ['another kind of ref', 'push', pushPayload({ ref: 'refs/notes/commits' }), 'ref-not-used'],
  ])('ignores %s with a reason', async (_name, event, payload, reason) => {
    const answer = await post(signed(event, payload));
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ignored', reason }]);
  });

  test('keeps a deletion in the ledger, and looks so that what is queued for the branch can end', async () => {
    const payload = pushPayload({ deleted: true, after: sha('0') });
    await post(signed('push', payload, { 'x-github-delivery': 'd-1' }));
    expect(await server.store.deliveries.get('d-1')).toMatchObject({ status: 'ignored', reason: 'branch-deleted' });
    const [look] = await server.store.looks.due(Date.UTC(2026, 0, 3), 10, []);
    expect(look).toMatchObject({ ref: 'refs/heads/main', after: null });
  });

  test('reads a form-encoded payload, signed over the form', async () => {
    const form = new URLSearchParams({ payload: JSON.stringify(pushPayload()) }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect((await post(signed('push', form, type))).statusCode).toBe(202);
  });

  test.each([
    ['no signature', { 'x-hub-signature-256': '' }],
    ['the signature of another body', { 'x-hub-signature-256': signature('other') }],
    ['the signature of another secret', { 'x-hub-signature-256': signature(JSON.stringify(pushPayload()), 'wrong') }],
    ['an unsigned form of signature', { 'x-hub-signature-256': 'sha256=' }],
  ])('answers %s with 401', async (_name, headers) => {
    const answer = await post(signed('push', pushPayload(), headers));
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'invalid-signature']);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect((await server.store.deliveries.page({ limit: 1, cursor: null })).items).toEqual([]);
  });

  test.each([
    ['an unsigned empty body', '', {}],
    ['an unsigned body that is not JSON', '{', {}],
  ])('answers %s with 401: the signature comes first', async (_name, payload, headers) => {
    const request = signed('push', payload, { 'x-hub-signature-256': '', ...headers });
    expect((await post(request)).statusCode).toBe(401);
  });

  test.each([
    ['text that is not JSON', signed('push', 'hello')],
    ['a body that is not UTF-8', signed('push', Buffer.from([0x22, 0xff, 0x22]))],
    ['a ping that is not JSON', signed('ping', '{')],
    ['a form without a payload', signed('push', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['JSON that is no push', signed('push', { hello: 'world' })],
    ['null', signed('push', 'null')],
    ['no X-GitHub-Event', signed('', pushPayload())],
    ['no X-GitHub-Delivery', signed('push', pushPayload(), { 'x-github-delivery': '' })],
    ['a delivery id with odd characters', signed('push', pushPayload(), { 'x-github-delivery': '../x' })],
    ['a ref of another type', signed('push', pushPayload({ ref: ['refs/heads/main'] }))],
    ['a ref with a line break', signed('push', pushPayload({ ref: 'refs/heads/a\nb' }))],
    ['a repository that climbs', signed('push', pushPayload({ repository: { full_name: '../secrets' } }))],
    ['a repository of another type', signed('push', pushPayload({ repository: 7 }))],
    ['an after that is an option', signed('push', pushPayload({ after: '--upload-pack=x' }))],
    ['a deleted that is text', signed('push', pushPayload({ deleted: 'no' }))],
    ['a pusher of another type', signed('push', pushPayload({ pusher: { name: { toString: 1 } } }))],
  ])('answers %s, signed, with 400 invalid-payload', async (_name, request) => {
    const answer = await post(request);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-payload']);
  });

  test('accepts a branch named like an option or a command', async () => {
    for (const name of ['--upload-pack=x', '$(id)', 'release/1.0.1', 'ünïcode']) {
      expect((await post(signed('push', pushPayload({ ref: `refs/heads/${name}` })))).statusCode).toBe(202);
    }
  });

  test('takes 25 MiB, and refuses one byte more', async () => {
    const limit = 25 * 1024 * 1024;
    const padded = (size: number) => {
      const payload = JSON.stringify(pushPayload());
      return `${payload.slice(0, -1)}${' '.repeat(size - payload.length)}}`;
    };
    expect((await post(signed('push', padded(limit)))).statusCode).toBe(202);
    const over = await post(signed('push', padded(limit + 1)));
    expect([over.statusCode, over.json().code]).toEqual([413, 'payload-too-large']);
    expect(server.webhookAnswers.at(-1)).toBe('payload-too-large');
  });

  test('answers 503 where the store is away', async () => {
    const away = async () => {
      throw new SlipwayError('store-unavailable', 'The disk is read-only.');
    };
    const broken = await openTestApp({
      store: { ...server.store, deliveries: { ...server.store.deliveries, accept: away } },
    });
    const answer = await broken.app.inject(signed('push', pushPayload()));
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'store-unavailable']);
    await broken.close();
  });

  test('has an answer for every example of a payload that GitHub publishes', async () => {
    const all = examples.flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));
    const statuses = new Map<string, Set<string>>();
    for (const { name, payload } of all) {
      const answer = await post(signed(name, payload));
      const seen = statuses.get(name) ?? statuses.set(name, new Set()).get(name);
      must(seen).add(`${answer.statusCode} ${answer.json().status}`);
    }
    expect([...must(statuses.get('push'))].sort()).toEqual(['200 ignored', '202 accepted']);
    expect([...must(statuses.get('ping'))]).toEqual(['200 pong']);
    expect([...must(statuses.get('pull_request'))].sort()).toEqual(['200 ignored', '202 accepted']);
    statuses.delete('push');
    statuses.delete('pull_request');
    statuses.delete('ping');
    expect(new Set([...statuses.values()].flatMap((seen) => [...seen]))).toEqual(new Set(['200 ignored']));
    expect(statuses.size).toBeGreaterThan(40);
  });
});
