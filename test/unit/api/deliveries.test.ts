import {
  asBuilder,
  asReader,
  openTestApp,
  pushPayload,
  queueBuild,
  sha,
  signed,
  type TestApp,
} from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const get = (url: string) => server.app.inject({ url, headers: asReader });
const deliver = (id: string) => server.app.inject(signed('push', pushPayload(), { 'x-github-delivery': id }));

describe('a delivery', () => {
  test('is shown with exactly the members of the contract, and its decisions', async () => {
    await deliver('d-1');
    const build = await queueBuild(server.store, { trigger: { kind: 'push', deliveryId: 'd-1', by: 'octocat' } });
    expect((await get('/api/v1/deliveries/d-1')).body).toBe(
      JSON.stringify({
        id: 'd-1',
        event: 'push',
        repository: 'abc/java-service-1',
        branch: 'main',
        before: sha('b'),
        after: sha('a'),
        receivedAt: '2026-01-02T03:04:05.000Z',
        status: 'planned',
        reason: null,
        decisions: [
          {
            service: 'java-service-1',
            branch: 'main',
            decision: 'build',
            reason: build.reason,
            base: null,
            head: sha('a'),
            buildId: build.id,
          },
        ],
      }),
    );
  });

  test('that never came is unknown', async () => {
    for (const id of ['none', '%00', '..%2f']) {
      expect((await get(`/api/v1/deliveries/${id}`)).json().code).toBe('unknown-delivery');
    }
  });

  test('is looked at again on request', async () => {
    await deliver('d-1');
    const url = '/api/v1/deliveries/d-1/replay';
    const answer = await server.app.inject({ method: 'POST', url, headers: asBuilder });
    expect([answer.statusCode, answer.json().id]).toEqual([202, 'd-1']);
    expect(server.operations.transcript).toEqual([{ operation: 'replay', argument: { id: 'd-1', by: 'builder' } }]);
    const unknown = await server.app.inject({
      method: 'POST',
      url: '/api/v1/deliveries/none/replay',
      headers: asBuilder,
    });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'unknown-delivery']);
  });
});

describe('the ledger', () => {
  test('has a delivery once, in whatever case its id comes', async () => {
    const id = '0F4A1C2E-AAAA-4BBB-8CCC-0123456789AB';
    await deliver(id);
    expect((await deliver(id.toLowerCase())).json()).toEqual({ status: 'duplicate' });
  });

  test('is paged, newest first', async () => {
    for (const id of ['d-1', 'd-2', 'd-3']) await deliver(id);
    const first = (await get('/api/v1/deliveries?limit=2')).json();
    expect(first.deliveries).toMatchObject([{ id: 'd-3', decisions: [] }, { id: 'd-2' }]);
    const rest = (await get(`/api/v1/deliveries?limit=2&cursor=${first.nextCursor}`)).json();
    expect(rest).toMatchObject({ deliveries: [{ id: 'd-1' }], nextCursor: null });
  });

  test('is narrowed by repository, commit and status', async () => {
    await deliver('d-1');
    const ids = async (query: string) =>
      (await get(`/api/v1/deliveries?${query}`)).json().deliveries.map(({ id }: { id: string }) => id);
    expect(await ids('repository=ABC/java-service-1&commit=AAAA&status=accepted')).toEqual(['d-1']);
    for (const other of ['repository=abc/other', 'commit=bbbb', 'status=failed']) expect(await ids(other)).toEqual([]);
  });
});

describe('a plan', () => {
  const plan = (payload: object) =>
    server.app.inject({ method: 'POST', url: '/api/v1/plan', headers: asReader, payload });

  test('is answered with the decisions, none of which has a build', async () => {
    const reason = { code: 'no-change' as const, message: 'Nothing differs.', paths: [], patterns: [] };
    const decision = {
      service: 's',
      branch: 'main',
      decision: 'skip' as const,
      reason,
      base: sha('a'),
      head: sha('a'),
    };
    server.operations.will({ plan: async () => ({ decisions: [decision], warnings: [] }) });
    const answer = await plan({ repository: 'abc/java-service-1', branch: 'main', head: sha('a') });
    expect([answer.statusCode, answer.json()]).toEqual([200, { decisions: [{ ...decision, buildId: null }] }]);
    expect(server.operations.transcript[0]?.argument).toEqual({
      repository: 'abc/java-service-1',
      branch: 'main',
      base: null,
      head: sha('a'),
    });
  });

  test('without its fields is refused once for each', async () => {
    expect((await plan({})).json().detail).toBe('repository is required; branch is required.');
  });

  test.each([
    ['no branch', { repository: 'a/b' }, 'branch'],
    ['no repository', { branch: 'main' }, 'repository'],
    ['an unknown key', { repository: 'a/b', branch: 'main', service: 's' }, 'service'],
    ['a base that is no commit', { repository: 'a/b', branch: 'main', base: 'HEAD~1' }, 'base'],
  ])('with %s is refused', async (_name, payload, field) => {
    const answer = await plan(payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    expect(answer.json().detail).toContain(field);
  });
});
