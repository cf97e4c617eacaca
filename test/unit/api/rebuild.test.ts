import { asBuilder, must, openTestApp, sha, type TestApp } from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const post = (url: string, payload?: object | string, headers: Record<string, string> = {}) =>
  server.app.inject({ method: 'POST', url, headers: { ...asBuilder, ...headers }, payload });

describe('a manual rebuild', () => {
  test('answers 202 with the build and its address', async () => {
    const answer = await post('/rebuild/java-service-1', { branch: 'main', commit: sha('a'), noCache: true });
    expect(answer.statusCode).toBe(202);
    expect(answer.headers.location).toBe(`/api/v1/builds/${answer.json().id}`);
    expect(server.operations.transcript).toEqual([
      {
        operation: 'rebuild',
        argument: { service: 'java-service-1', branch: 'main', commit: sha('a'), noCache: true, by: 'builder' },
      },
    ]);
  });

  test.each([
    ['no body', undefined, {}],
    ['an empty object', {}, {}],
    ['nulls', { branch: null, commit: null, noCache: null }, {}],
    ['empty JSON', '', { 'content-type': 'application/json' }],
    ['empty JSON with a charset', '', { 'content-type': 'application/json; charset=utf-8' }],
    ['an empty form', '', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['empty text', '', { 'content-type': 'text/plain' }],
  ])('may have %s', async (_name, payload, headers) => {
    const answer = await post('/rebuild/java-service-1', payload, headers as Record<string, string>);
    expect(answer.statusCode).toBe(202);
    expect(must(server.operations.transcript[0]).argument).toMatchObject({
      branch: null,
      commit: null,
      noCache: false,
    });
  });

  test.each([
    ['an unknown key', { branhc: 'main' }, 'branhc'],
    ['a branch that is a number', { branch: 7 }, 'branch'],
    ['an empty branch', { branch: '' }, 'branch'],
    ['a commit that is an option', { commit: '--upload-pack=x' }, 'commit'],
    ['a flag that is text', { noCache: 'yes' }, 'noCache'],
  ])('refuses %s', async (_name, payload, field) => {
    const answer = await post('/rebuild/java-service-1', payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    expect(answer.json().detail).toContain(field);
    expect(server.operations.transcript).toEqual([]);
  });

  test.each(['no-such-commit', 'release/1.0', 'v1.0', sha('d')])(
    'takes %s for a commit, which the repository may not have',
    async (commit) => {
      expect((await post('/rebuild/java-service-1', { commit })).statusCode).toBe(202);
      expect(must(server.operations.transcript[0]).argument).toMatchObject({ commit });
    },
  );

  test.each([
    ['JSON that does not parse', '{', 'application/json', 400, 'invalid-request'],
    ['a list', '[]', 'application/json', 400, 'invalid-request'],
    ['null', 'null', 'application/json', 400, 'invalid-request'],
    ['a poisoned prototype', '{"__proto__": {}}', 'application/json', 400, 'invalid-request'],
    ['XML', '<a/>', 'application/xml', 415, 'unsupported-media-type'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['too much', `{"branch": "${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'payload-too-large'],
  ])('answers %s as a problem', async (_name, payload, type, status, code) => {
    const answer = await post('/rebuild/java-service-1', payload, { 'content-type': type });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test('of a service that is not configured suggests names like it', async () => {
    const answer = await post('/rebuild/java-servcie-1');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'unknown-service', suggestions: ['java-service-1', 'java-service-2'] });
  });
});
