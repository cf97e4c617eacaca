import { SlipwayError } from '../../../src/errors.js';
import {
  asBuilder,
  asReader,
  begin,
  endWell,
  openTestApp,
  queueBuild,
  sha,
  succeed,
  type TestApp,
} from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const get = (url: string) => server.app.inject({ url, headers: asReader });
const post = (url: string, payload?: object | string, headers: Record<string, string> = {}) =>
  server.app.inject({ method: 'POST', url, headers: { ...asBuilder, ...headers }, payload });

/** Resolves once the condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** The answer about a queued build of a server that stops while it is being asked. */
async function askedAtStop(url: (id: string) => string) {
  const stopped = await openTestApp();
  try {
    const { id } = await queueBuild(stopped.store);
    const answer = stopped.app.inject({ url: url(id), headers: asReader });
    stopped.stopping.abort();
    return await answer;
  } finally {
    await stopped.close();
  }
}

describe('a build', () => {
  test('is shown with exactly the members of the contract, in its order', async () => {
    const queued = await queueBuild(server.store, { id: 'b-1' });
    const answer = await get('/api/v1/builds/b-1');
    expect(answer.body).toBe(
      JSON.stringify({
        id: 'b-1',
        service: 'java-service-1',
        branch: 'main',
        commit: sha('a'),
        status: 'queued',
        outcome: null,
        trigger: { kind: 'push', deliveryId: null, by: 'octocat' },
        reason: queued.reason,
        waitingFor: null,
        ...{ position: 1, attempt: 1, notBefore: null, wasHead: null, reusedFrom: null },
        warnings: [],
        dockerfile: null,
        image: null,
        error: null,
        queuedAt: '2026-01-02T03:04:05.678Z',
        startedAt: null,
        finishedAt: null,
        steps: [],
        traceId: null,
      }),
    );
  });

  test('that succeeded shows its image, times and outcome', async () => {
    const { id } = await queueBuild(server.store);
    await succeed(server.store);
    expect((await get(`/api/v1/builds/${id}`)).json()).toMatchObject({
      status: 'succeeded',
      outcome: 'built',
      image: { repository: 'java-service-1', digest: 'sha256:1', tags: ['1.0.0-1-aaaaaaa', 'main'] },
      startedAt: '2026-01-02T03:05:00.000Z',
      finishedAt: '2026-01-02T03:05:01.000Z',
    });
  });

  test.each(['none', '%00', '..%2F..', '%F0%9F%9A%A2', 'x'.repeat(400)])(
    'of the unknown id %s is a 404',
    async (id) => {
      for (const tail of ['', '/log', '?wait=1']) {
        const answer = await get(`/api/v1/builds/${id}${tail}`);
        expect([answer.statusCode, answer.json().code]).toEqual([404, 'unknown-build']);
      }
    },
  );

  test('whose address cannot be decoded is a 400', async () => {
    const answer = await get('/api/v1/builds/%zz');
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
  });
});

describe('the list of builds', () => {
  test('is paged, newest first, and narrowed by service, branch and status', async () => {
    const ids = [];
    for (const digit of ['a', 'b', 'c']) {
      ids.unshift((await queueBuild(server.store, { commit: sha(digit), forced: true })).id);
    }
    const other = await queueBuild(server.store, { service: 'java-service-2', branch: 'dev' });
    const first = (await get('/api/v1/builds?service=java-service-1&limit=2')).json();
    expect(first.builds.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const second = (await get(`/api/v1/builds?service=java-service-1&limit=2&cursor=${first.nextCursor}`)).json();
    expect(second).toMatchObject({ builds: [{ id: ids[2] }], nextCursor: null });
    expect((await get('/api/v1/builds?branch=dev')).json().builds).toMatchObject([{ id: other.id }]);
    expect((await get('/api/v1/builds?status=failed')).json()).toEqual({ builds: [], nextCursor: null });
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['status=odd', 'status'],
    ['cursor=', 'cursor'],
  ])('refuses ?%s and names the field', async (query, field) => {
    const answer = await get(`/api/v1/builds?${query}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    expect(answer.json().faults).toContainEqual({ field, message: expect.any(String) });
    expect(answer.json().detail).toContain(field);
  });

  test('refuses a cursor that no page gave', async () => {
    expect((await get('/api/v1/builds?cursor=%00nonsense')).statusCode).toBe(400);
  });
});

describe('waiting for a build', () => {
  test('answers at once where it has ended', async () => {
    const { id } = await queueBuild(server.store);
    await succeed(server.store);
    expect((await get(`/api/v1/builds/${id}?wait=300`)).json().status).toBe('succeeded');
  });

  test('answers when it ends', async () => {
    const { id, service, branch } = await queueBuild(server.store);
    const waiting = get(`/api/v1/builds/${id}?wait=300`);
    const { status } = await succeed(server.store);
    server.events.publish({ type: 'build', id, service, branch, status });
    expect((await waiting).json().status).toBe('succeeded');
  });

  test('answers with the build as it is once the time is over', async () => {
    const { id } = await queueBuild(server.store);
    expect((await get(`/api/v1/builds/${id}?wait=0.05`)).json().status).toBe('queued');
  });

  test('answers with the build as it is when the server stops', async () => {
    const waiting = await askedAtStop((id) => `/api/v1/builds/${id}?wait=300`);
    expect(waiting.json().status).toBe('queued');
  });

  test.each(['301', '-1', 'long'])('refuses ?wait=%s', async (wait) => {
    expect((await get(`/api/v1/builds/any?wait=${wait}`)).statusCode).toBe(400);
  });
});

describe("a build's log", () => {
  test('is text', async () => {
    const { id } = await queueBuild(server.store);
    expect((await get(`/api/v1/builds/${id}/log`)).body).toBe('');
    await server.store.logs.append(await begin(server.store), 'héllo\n');
    const answer = await get(`/api/v1/builds/${id}/log`);
    expect([answer.statusCode, answer.body]).toEqual([200, 'héllo\n']);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  test('is followed live until the build ends', async () => {
    const { id, service, branch } = await queueBuild(server.store);
    const running = await begin(server.store);
    await server.store.logs.append(running, 'one\n');
    const url = `/api/v1/builds/${id}/log?follow=true`;
    const answer = await server.app.inject({ url, headers: asReader, payloadAsStream: true });
    let text = '';
    const ended = new Promise((resolve) => answer.stream().on('end', resolve));
    answer.stream().on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text === 'one\n');
    await server.store.logs.append(running, 'two\n');
    server.events.publish({ type: 'log', id });
    await until(() => text === 'one\ntwo\n');
    await server.store.logs.append(running, 'three\n');
    const { status } = await endWell(server.store, running);
    server.events.publish({ type: 'build', id, service, branch, status });
    await ended;
    expect(text).toBe('one\ntwo\nthree\n');
  });

  test('that is followed ends when the server stops', async () => {
    expect((await askedAtStop((id) => `/api/v1/builds/${id}/log?follow=true`)).statusCode).toBe(200);
  });
});

describe("the chunks of a build's log", () => {
  const chunk = (number: number, step: number | null, text: string) =>
    `${JSON.stringify({ number, at: '1970-01-01T00:00:00.007Z', step, text })}\n`;

  test('are read from a number on, as text or with time and step', async () => {
    const { id } = await queueBuild(server.store);
    const running = await begin(server.store);
    await server.store.logs.append(running, 'one\n', { at: 7, step: 0 });
    await server.store.logs.append(running, 'two\n', { at: 7, step: null });
    const text = await get(`/api/v1/builds/${id}/log?from=1`);
    expect([text.body, text.headers['slipway-log-next']]).toEqual(['two\n', '2']);
    const chunks = await get(`/api/v1/builds/${id}/log?format=chunks`);
    expect([chunks.body, chunks.headers['slipway-log-next']]).toEqual([
      chunk(0, 0, 'one\n') + chunk(1, null, 'two\n'),
      '2',
    ]);
    expect(chunks.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const end = await get(`/api/v1/builds/${id}/log?from=2&format=chunks`);
    expect([end.body, end.headers['slipway-log-next']]).toEqual(['', '2']);
    expect((await get(`/api/v1/builds/${id}/log?from=-1`)).json()).toMatchObject({ code: 'invalid-request' });
  });

  test('are followed from a number on', async () => {
    const { id, service, branch } = await queueBuild(server.store);
    const running = await begin(server.store);
    await server.store.logs.append(running, 'one\n', { at: 7, step: 0 });
    const follows = get(`/api/v1/builds/${id}/log?follow=true&format=chunks&from=1`);
    await server.store.logs.append(running, 'two\n', { at: 7, step: 1 });
    const { status } = await endWell(server.store, running);
    server.events.publish({ type: 'build', id, service, branch, status });
    expect((await follows).body).toBe(chunk(1, 1, 'two\n'));
  });
});

describe("a build's steps", () => {
  test('are shown with what is known of them, and an error names its own', async () => {
    const { id } = await queueBuild(server.store);
    const running = await begin(server.store);
    await server.store.queue.steps(running, [
      { name: 'build', startedAt: 0, kind: 'slipway', reused: true },
      { name: '[2/2] RUN x', startedAt: 0, kind: 'dockerfile', dockerfile: { from: 2, to: 3 } },
      { name: '[2/2] RUN x', finishedAt: 1, cached: true },
    ]);
    await server.store.logs.append(running, 'x\n', { at: 7, step: 1, opens: true });
    const error = {
      code: 'dockerfile-step-failed',
      message: 'exit 1',
      step: '[2/2] RUN x',
      blame: 'dockerfile',
    } as const;
    await server.store.queue.finish(running, { status: 'failed', error }, 2, []);
    const shown = (await get(`/api/v1/builds/${id}`)).json<{ steps: object[]; error: object }>();
    expect(shown.error).toMatchObject({ step: '[2/2] RUN x', stepIndex: 1 });
    expect(shown.steps).toMatchObject([
      { name: 'build', kind: 'slipway', cached: false, reused: true, line: null, dockerfile: null },
      { kind: 'dockerfile', cached: true, reused: false, line: 1, dockerfile: { from: 2, to: 3 } },
    ]);
  });

  test('come from its Dockerfile, which is shown as long as it is kept', async () => {
    const { id } = await queueBuild(server.store);
    const url = `/api/v1/builds/${id}/dockerfile`;
    expect((await get(url)).json()).toMatchObject({ status: 404, code: 'dockerfile-not-kept' });
    const text = 'FROM scratch\n# ü\n';
    await server.store.queue.progress(await begin(server.store), { dockerfileText: { digest: 'd', text } });
    const answer = await get(url);
    expect([answer.body, answer.headers['content-type']]).toEqual([text, 'text/plain; charset=utf-8']);
    expect((await get('/api/v1/builds/nothing/dockerfile')).json()).toMatchObject({ code: 'unknown-build' });
  });
});

describe('stopping and repeating a build', () => {
  test.each(['cancel', 'retry'] as const)('%s answers 202 with the build, and knows who asked', async (operation) => {
    const { id } = await queueBuild(server.store);
    const answer = await post(`/api/v1/builds/${id}/${operation}`);
    expect([answer.statusCode, answer.json().id]).toEqual([202, id]);
    expect(server.operations.transcript).toEqual([{ operation, argument: { id, by: 'builder' } }]);
  });

  test.each([
    ['cancel', 'build-finished', 409],
    ['retry', 'build-unfinished', 409],
    ['cancel', 'unknown-build', 404],
  ] as const)('%s that fails with %s answers %i', async (operation, code, status) => {
    const fail = async () => {
      throw new SlipwayError(code, 'It cannot be done.');
    };
    server.operations.will({ [operation]: fail });
    const answer = await post(`/api/v1/builds/b-1/${operation}`);
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code, detail: 'It cannot be done.', status }]);
  });
});
