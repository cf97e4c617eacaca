import { jest } from '@jest/globals';
import { regionRules } from '../../../src/decide/region-rules.js';
import type { Decision, RecordedDecision } from '../../../src/model/decision.js';
import {
  asReader,
  begin,
  must,
  openTestApp,
  queueBuild,
  service,
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

const get = (url: string, from = server) => from.app.inject({ url, headers: asReader });

async function skip(
  head: string,
  reliesOn: string | null,
  code: Decision['reason']['code'],
): Promise<RecordedDecision> {
  const reason = { code, message: `Because of ${code}.`, paths: [], patterns: [] };
  const decision = {
    service: 'java-service-1',
    branch: 'main',
    decision: 'skip' as const,
    reason,
    base: sha('a'),
    head,
  };
  const trigger = { kind: 'push' as const, deliveryId: null, by: null };
  const planned = { decision, trigger, inputsKey: head, reliesOn, build: null };
  const { recorded } = await server.store.decisions.record({ look: null, deliveryId: null, decisions: [planned] }, 1);
  return must(recorded[0]);
}

describe('a service', () => {
  test('is shown with each branch: head, newest image, last build', async () => {
    await queueBuild(server.store);
    await succeed(server.store);
    const last = await queueBuild(server.store, { commit: sha('c') });
    expect((await get('/api/v1/services/java-service-1')).json()).toEqual({
      name: 'java-service-1',
      repository: 'abc/java-service-1',
      path: '.',
      trigger: 'push',
      image: 'java-service-1',
      branches: [
        {
          branch: 'main',
          head: sha('c'),
          image: { repository: 'java-service-1', digest: 'sha256:1', tags: ['1.0.0-1-aaaaaaa', 'main'] },
          lastBuild: expect.objectContaining({ id: last.id, status: 'queued' }),
          warnings: [],
        },
      ],
    });
  });

  test('has the heads that its repository has now', async () => {
    const asked: unknown[] = [];
    const heads = {
      of: async (_service: unknown, branches: readonly string[]) => {
        asked.push(branches);
        return new Map([['main', sha('f')]]);
      },
    };
    const live = await openTestApp({ heads });
    expect((await get('/api/v1/services/java-service-1', live)).json().branches).toEqual([
      { branch: 'main', head: sha('f'), image: null, lastBuild: null, warnings: [] },
    ]);
    expect(asked).toEqual([['main']]);
    await live.close();
  });

  test('shows region drift of each branch, as long as its settings are those that it was found with', async () => {
    await queueBuild(server.store);
    const drift = [
      { message: 'Copies lib.', dockerfile: { path: 'docker/Dockerfile', line: 3 } },
      { message: 'Matches nothing.', dockerfile: null },
    ];
    const found = { service: 'java-service-1', branch: 'main', commit: sha('a'), drift };
    const shown = async () => {
      const { services } = (await get('/api/v1/services')).json();
      const one = (await get('/api/v1/services/java-service-1')).json();
      return [services[0], one].map(({ branches }) => branches[0].warnings);
    };
    await server.store.regionDrifts.note({ ...found, rules: regionRules(service()) });
    expect(await shown()).toEqual([drift, drift]);
    await server.store.regionDrifts.note({ ...found, rules: 'others' });
    expect(await shown()).toEqual([[], []]);
  });

  test('is shown without the branches that the host does not have, and with those that are not known', async () => {
    for (const [branch, answer] of [
      ['main', null],
      ['release/1', sha('a')],
      ['release/2', undefined],
    ] as const) {
      const heads = { of: async () => new Map(answer === undefined ? [] : [[branch, answer]]) };
      const live = await openTestApp({ heads });
      await queueBuild(live.store, { branch });
      for (const url of ['/api/v1/services/java-service-1', '/api/v1/services']) {
        const body = (await get(url, live)).json();
        const shown = (body.services?.[0] ?? body).branches;
        expect(shown).toEqual(answer === null ? [] : [expect.objectContaining({ branch, head: sha('a') })]);
      }
      await live.close();
    }
  });

  test.each(['java-service-3', '__proto__', 'constructor', '%2e%2e%2fetc', '%00', 'x'.repeat(500)])(
    'called %s is unknown',
    async (name) => {
      for (const tail of ['', `/image?commit=${sha('a')}`]) {
        const answer = await get(`/api/v1/services/${name}${tail}`);
        expect([answer.statusCode, answer.json().code]).toEqual([404, 'unknown-service']);
        expect(Array.isArray(answer.json().suggestions)).toBe(true);
      }
    },
  );

  test('with a name of 128 characters can be asked for', async () => {
    const name = 'x'.repeat(128);
    const long = await openTestApp({ services: () => new Map([[name, service({ name })]]) });
    expect((await get(`/api/v1/services/${name}`, long)).json().name).toBe(name);
    await long.close();
  });
});

describe('the list of services', () => {
  test('reads the queue once, however many builds are queued', async () => {
    for (const branch of ['main', 'develop', 'release/1'])
      for (const name of ['java-service-1', 'java-service-2'])
        await queueBuild(server.store, { service: name, branch });
    const line = jest.spyOn(server.store.builds, 'line');
    const { services } = (await get('/api/v1/services')).json();
    const shown = services.flatMap((one: { branches: { lastBuild: { position: number } }[] }) => one.branches);
    const places = shown.map((one: { lastBuild: { position: number } }) => one.lastBuild.position);
    expect(places.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(line).toHaveBeenCalledTimes(1);
    expect((await get('/api/v1/services/java-service-1')).json().branches).toHaveLength(3);
    expect(line).toHaveBeenCalledTimes(2);
    line.mockRestore();
  });

  test('is paged by name', async () => {
    const names = ['b', 'c', 'a'];
    const many = await openTestApp({ services: () => new Map(names.map((name) => [name, service({ name })])) });
    const first = (await get('/api/v1/services?limit=2', many)).json();
    expect(first.services.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
    const rest = (await get(`/api/v1/services?limit=2&cursor=${first.nextCursor}`, many)).json();
    expect(rest).toMatchObject({ services: [{ name: 'c' }], nextCursor: null });
    await many.close();
  });
});

test.each(['builds', 'services', 'deliveries'])('the list of %s refuses a cursor that no page gave', async (list) => {
  for (const cursor of ['abc', 'nonsense', '%F0', 'LTE', '%00']) {
    const answer = await get(`/api/v1/${list}?cursor=${cursor}`);
    expect([cursor, answer.statusCode]).toEqual([cursor, 400]);
    expect(answer.json().code).toBe('invalid-request');
  }
});

describe('the image that covers a commit', () => {
  const image = (commit: string) => get(`/api/v1/services/java-service-1/image?commit=${commit}`);

  test("is the commit's own", async () => {
    const { id } = await queueBuild(server.store);
    await succeed(server.store);
    for (const commit of [sha('a'), sha('A')]) {
      expect((await image(commit)).json()).toEqual({
        repository: 'java-service-1',
        digest: 'sha256:1',
        tags: ['1.0.0-1-aaaaaaa', 'main'],
        service: 'java-service-1',
        commit: sha('a'),
        buildId: id,
        builtCommit: sha('a'),
      });
    }
  });

  test('is found by the beginning of its id', async () => {
    const asked: string[] = [];
    const findCommit = async ({ repository }: { repository: string }, abbreviated: string) => {
      asked.push(`${repository} ${abbreviated}`);
      return abbreviated === 'aaaaaaa' ? sha('a') : null;
    };
    const app = await openTestApp({ findCommit });
    await queueBuild(app.store);
    await succeed(app.store);
    const by = (commit: string) => get(`/api/v1/services/java-service-1/image?commit=${commit}`, app);
    expect((await by('AAAAAAA')).json()).toMatchObject({ commit: sha('a'), digest: 'sha256:1' });
    const answer = await by('aaaa');
    expect([answer.statusCode, answer.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'no-image', reason: expect.objectContaining({ code: 'unknown-commit' }) }),
    ]);
    expect(asked).toEqual(['abc/java-service-1 aaaaaaa', 'abc/java-service-1 aaaa']);
    await app.close();
  });

  test('is shown with the tags that name it now: moving ones may name another image', async () => {
    await queueBuild(server.store);
    await succeed(server.store, 'sha256:1', ['1.0.0-1-aaaaaaa', 'main', '1.2']);
    const tagRow = { repository: 'java-service-1', commit: null };
    const { tags } = server.store;
    const told = async () => (await image(sha('a'))).json().tags;
    await tags.put({ ...tagRow, tag: '1.0.0-1-aaaaaaa', kind: 'version', owner: sha('a'), digest: 'sha256:1' });
    await tags.put({ ...tagRow, tag: 'main', kind: 'branch', owner: 'main', digest: 'sha256:1' });
    expect(await told()).toEqual(['1.0.0-1-aaaaaaa', 'main', '1.2']);
    await tags.put({ ...tagRow, tag: 'main', kind: 'branch', owner: 'main', digest: 'sha256:2' });
    expect(await told()).toEqual(['1.0.0-1-aaaaaaa', '1.2']);
    await tags.put({ ...tagRow, tag: '1.2', kind: 'git-tag', owner: 'v1.2', digest: null });
    expect(await told()).toEqual(['1.0.0-1-aaaaaaa']);
    await skip(sha('d'), (await server.store.builds.newest('java-service-1', 'main'))?.id ?? '', 'no-change');
    expect((await image(sha('d'))).json().tags).toEqual(['1.0.0-1-aaaaaaa']);
    const { branches } = (await get('/api/v1/services/java-service-1')).json();
    expect(branches[0].image.tags).toEqual(['1.0.0-1-aaaaaaa']);
  });

  test('is the one that its skip relied on', async () => {
    const { id } = await queueBuild(server.store);
    await succeed(server.store);
    await skip(sha('d'), id, 'no-included-path-changed');
    expect((await image(sha('d'))).json()).toMatchObject({
      digest: 'sha256:1',
      commit: sha('d'),
      builtCommit: sha('a'),
    });
  });

  test.each([
    ['nothing was decided', async () => undefined, 'not-decided'],
    ['its build waits', async () => void (await queueBuild(server.store)), 'build-queued'],
    [
      'it was skipped without an image',
      async () => void (await skip(sha('a'), null, 'branch-not-configured')),
      'branch-not-configured',
    ],
    ['its build failed', () => fail('The step failed.'), 'build-failed'],
  ])('is missing where %s, and the answer says so', async (_name, arrange, code) => {
    await arrange();
    const answer = await image(sha('a'));
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'no-image', reason: { code, message: expect.any(String) } });
  });

  test('is on its way where somebody asked for a build after one that failed', async () => {
    await fail('The step failed.');
    const reason = { code: 'forced' as const, message: 'Ada asked.', paths: [], patterns: [] };
    await queueBuild(server.store, { forced: true, reason });
    expect((await image(sha('a'))).json()).toMatchObject({ code: 'no-image', reason: { code: 'build-queued' } });
  });

  async function fail(message: string): Promise<void> {
    await queueBuild(server.store);
    const error = { code: 'dockerfile-step-failed' as const, message, step: null, blame: 'dockerfile' as const };
    await server.store.queue.finish(await begin(server.store), { status: 'failed', error }, Date.now(), []);
  }

  test.each(['', 'HEAD', 'abc', '--all', `${sha('a')}0`])('cannot be asked for by %j', async (commit) => {
    expect((await image(encodeURIComponent(commit))).statusCode).toBe(400);
  });
});
