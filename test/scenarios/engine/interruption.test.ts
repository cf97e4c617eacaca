/** Builds that somebody or something stops, and those that somebody asks for, on real parts. */
import { engineHost } from '../../support/engine.js';
import type { BuildRow } from '../../support/slipway.js';
import { openStage, says, succeeded, success, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

const dockerfile = (...lines: string[]) => [`FROM ${stage.base}`, 'COPY main.txt /', ...lines, ''].join('\n');

/** A repository with the services, all of them at its root, and its first push. */
async function open(name: string, lines: readonly string[], engine: object = {}, services: readonly string[] = [name]) {
  const repository = `abc/${name}`;
  const repo = await stage.repo(repository);
  const head = await repo.commit({ files: { 'docker/Dockerfile': dockerfile(...lines), 'main.txt': name } });
  const slipway = await stage.slipway({
    services: Object.fromEntries(services.map((service) => [service, { repository }])),
    config: { engine: { host: engineHost(), concurrency: 1, ...engine } },
  });
  const decisions = await slipway.push(repository, 'main', { after: head });
  return { repo, head, slipway, decisions, ids: decisions.map(({ buildId }) => buildId) };
}

describe('cancel', () => {
  test('stops a running build within seconds, and a queued one at once', async () => {
    const { slipway, ids } = await open('sleeper', ['RUN sleep 300'], {}, ['sleeper', 'waiter']);
    const [running = null, queued = null] = ids;
    await says(slipway, running, 'RUN sleep 300');

    const second = await slipway.post<BuildRow>(`/api/v1/builds/${queued}/cancel`);
    expect(second).toMatchObject({ status: 202, body: { status: 'canceled', startedAt: null } });

    const asked = Date.now();
    expect((await slipway.post(`/api/v1/builds/${running}/cancel`)).status).toBe(202);
    const ended = await slipway.ended(running);
    expect(ended).toMatchObject({ status: 'canceled', outcome: null, image: null, error: null });
    expect(Date.parse(ended.finishedAt ?? '') - asked).toBeLessThan(8_000);
    expect(await slipway.logOf(running)).toMatch(/\nCanceled\.\n$/);

    const late = await slipway.post(`/api/v1/builds/${running}/cancel`);
    expect(late).toMatchObject({ status: 409, body: { code: 'build-finished' } });
    await slipway.quiet();
    expect(await slipway.builds()).toHaveLength(2);
    expect(await stage.tags('sleeper')).toEqual([]);
  }, 90_000);
});

describe('a build that takes too long', () => {
  test('fails by its time limit, and succeeds when it is tried again with more time', async () => {
    const { slipway, ids, head } = await open('slow', ['RUN sleep 5'], { timeout: '4s' });
    const failed = await slipway.ended(ids[0] ?? null);
    expect(failed).toMatchObject({
      status: 'failed',
      error: {
        code: 'build-timeout',
        blame: 'dockerfile',
        message: 'The build was stopped after 4 s (engine.timeout).',
      },
    });
    await slipway.quiet();
    expect(await slipway.builds()).toHaveLength(1);

    await slipway.stop();
    await slipway.start({ engine: { host: engineHost(), timeout: '60s' } });
    await slipway.quiet();
    const { status, body } = await slipway.post<BuildRow>(`/api/v1/builds/${failed.id}/retry`);
    expect([status, body.trigger]).toMatchObject([202, { kind: 'retry', by: 'ops' }]);
    expect(await success(slipway, body.id)).toMatchObject({
      commit: head,
      outcome: 'built',
      reason: { code: 'forced', message: `ops asked to retry build ${failed.id}.` },
      image: { tags: [`0.0.0-1-${head.slice(0, 7)}`, 'main'] },
    });
  }, 90_000);
});

describe('a manual rebuild', () => {
  const rolled = ['RUN head -c 16 /dev/urandom | md5sum > /rolled'];
  const rolledIn = async (image: string, tag: string) =>
    (await (await stage.pushed(image, tag)).files()).get('rolled')?.toString();

  test('without a body builds the tip of the default branch, for real and from the layers that the engine has', async () => {
    const { slipway, head, decisions } = await open('again', rolled);
    const first = await succeeded(slipway, decisions);
    const { status, body } = await slipway.post<BuildRow>('/rebuild/again');
    expect([status, body.branch, body.commit]).toEqual([202, 'main', head]);
    const rebuilt = await success(slipway, body.id);
    expect(rebuilt).toMatchObject({ outcome: 'built', trigger: { kind: 'manual' }, image: first.image });
    expect(await slipway.logOf(body.id)).toMatch(/RUN head .* CACHED/);
  }, 60_000);

  test('with noCache makes every layer again, and that image gets a revision', async () => {
    const { slipway, decisions, head } = await open('anew', rolled);
    await succeeded(slipway, decisions);
    const version = `0.0.0-1-${head.slice(0, 7)}`;
    const { body } = await slipway.post<BuildRow>('/rebuild/anew', { noCache: true });
    expect((await success(slipway, body.id)).image?.tags).toEqual([`${version}-r2`, 'main']);
    expect(await rolledIn('anew', 'main')).not.toBe(await rolledIn('anew', version));
  }, 60_000);

  test('of an old commit moves nothing but its own version tag', async () => {
    const { repo, slipway, head: old, decisions } = await open('older', rolled);
    await succeeded(slipway, decisions);
    const head = await repo.commit({ files: { 'main.txt': 'newer' } });
    const newest = await succeeded(slipway, await slipway.push('abc/older', 'main', { before: old, after: head }));

    const { status, body } = await slipway.post<BuildRow>('/rebuild/older', { commit: old.slice(0, 9), noCache: true });
    expect([status, body.commit]).toEqual([202, old]);
    expect((await success(slipway, body.id)).image?.tags).toEqual([`0.0.0-1-${old.slice(0, 7)}-r2`]);
    expect((await stage.pushed('older', 'main')).digest).toBe(newest.image?.digest);

    const docs = await repo.commit({ files: { 'main.txt': 'newest' } });
    const [next] = await slipway.push('abc/older', 'main', { before: head, after: docs });
    expect(next).toMatchObject({ base: head, reason: { paths: ['main.txt'] } });
    await slipway.quiet();
  }, 90_000);

  test.each([
    ['a branch that does not exist', '/rebuild/lonely', { branch: 'nowhere' }, 422, 'unknown-revision'],
    ['a commit that does not exist', '/rebuild/lonely', { commit: 'f'.repeat(40) }, 422, 'unknown-revision'],
    ['what no commit is called', '/rebuild/lonely', { commit: 'yesterday' }, 422, 'unknown-revision'],
    ['what might be an option', '/rebuild/lonely', { commit: '--all' }, 400, 'invalid-request'],
    ['a service that does not exist', '/rebuild/lonelyy', {}, 404, 'unknown-service'],
  ])(
    'of %s is refused',
    async (_what, url, payload, status, code) => {
      await (await stage.repo('abc/lonely')).commit({ files: { 'main.txt': '' } });
      const slipway = await stage.slipway({ services: { lonely: { repository: 'abc/lonely' } } });
      expect(await slipway.post(url, payload)).toMatchObject({ status, body: { code } });
      expect(await slipway.builds()).toEqual([]);
    },
    60_000,
  );
});
