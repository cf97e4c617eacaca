import type { Verdict } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  add,
  deployed,
  fault,
  go,
  newDeployment,
  run,
  slipway,
  specification,
  start,
  verified,
} from './store-deployment-samples.js';
import { begin, image, newBuild, success } from './store-samples.js';

const stopped = { ...verified, verified: false, desired: { wanted: 'stopped', behind: [] } } as const;

/** What successful deployments make desired, and what becomes of releases. */
export function desiredContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const desired = () => under.store.deployments.desired('production', 'app');
  const before = () => under.store.deployments.before('production', 'app');
  const verdict = async (number: number, environment = 'production'): Promise<Partial<Verdict> | undefined> =>
    (await under.store.deployments.verdicts('app', [number])).get(environment)?.get(number);

  describe('what is desired', () => {
    test('is what succeeded last, with its specification, also after a restart', async () => {
      await go(under.store, 1);
      const end = { ...verified, desired: { wanted: 'running', behind: ['b'] } } as const;
      const { id } = await run(under.store, newDeployment(2), end, 4000);
      const expected = {
        environment: 'production',
        service: 'app',
        release: deployed(2),
        deploymentId: id,
        specification: specification('sha256:2'),
        wanted: 'running',
        behind: ['b'],
        seenUntil: { b: 3000 },
        since: 4000,
      };
      expect(await desired()).toEqual(expected);
      expect(await (await under.reopen()).deployments.desired('production', 'app')).toEqual(expected);
    });

    test('stays where a deployment fails, or says that nothing changes', async () => {
      const { id } = await go(under.store, 1);
      await run(under.store, newDeployment(2), { status: 'failed', error: fault(), behind: [], blocks: true });
      await run(under.store, newDeployment(2), { ...verified, desired: 'unchanged' });
      expect(await desired()).toMatchObject({ release: deployed(1), deploymentId: id });
    });

    test.each(['stop', 'start', 'restart', 'repair'] as const)(
      '%s keeps release, deployment and time',
      async (kind) => {
        const { id } = await go(under.store, 1);
        await run(under.store, newDeployment(1, { kind, requester: slipway }), stopped, 8000);
        expect(await desired()).toMatchObject({ deploymentId: id, since: 3000, wanted: 'stopped' });
        expect(await before()).toEqual([]);
      },
    );

    test('goes with the service, and what was desired before stays known', async () => {
      await go(under.store, 1);
      await go(under.store, 2);
      await run(under.store, newDeployment(2, { kind: 'stop' }), { ...stopped, desired: 'removed' });
      expect(await desired()).toBeNull();
      expect(await before()).toEqual([2, 1]);
    });

    test('of all, by environment and service', async () => {
      const { store } = under;
      for (const [environment, service] of [
        ['staging', 'app'],
        ['production', 'web'],
        ['production', 'app'],
      ] as const)
        await run(store, newDeployment(1, { environment, service }));
      const said = async (environment?: string) =>
        (await store.deployments.allDesired(environment)).map((each) => `${each.environment} ${each.service}`);
      expect(await said()).toEqual(['production app', 'production web', 'staging app']);
      expect(await said('production')).toEqual(['production app', 'production web']);
    });

    test('hosts that were left out catch up', async () => {
      const { store } = under;
      await run(store, newDeployment(1), { ...verified, desired: { wanted: 'running', behind: ['a', 'b', 'c'] } });
      await store.deployments.caughtUp('production', 'app', ['c', 'a']);
      expect((await desired())?.behind).toEqual(['b']);
      await store.deployments.caughtUp('production', 'other', ['b']);
      expect((await desired())?.behind).toEqual(['b']);
    });
  });

  test('a host that is left out again has not been seen since the first time', async () => {
    const leaving = (...behind: string[]) => ({ ...verified, desired: { wanted: 'running', behind } }) as const;
    const seen = async () => (await desired())?.seenUntil;
    await run(under.store, newDeployment(1), leaving('a'), 4000);
    expect(await seen()).toEqual({ a: 0 });
    await run(under.store, newDeployment(2), leaving('b', 'a'), 5000);
    expect(await seen()).toEqual({ a: 0, b: 4000 });
    await run(under.store, newDeployment(3), leaving('b'), 6000);
    await run(under.store, newDeployment(4), { status: 'failed', error: fault(), behind: ['c'], blocks: false }, 7000);
    expect(await seen()).toEqual({ b: 4000, c: 6000 });
    await under.store.deployments.caughtUp('production', 'app', ['c']);
    expect(await seen()).toEqual({ b: 4000 });
    await run(under.store, newDeployment(5), leaving(), 8000);
    expect(await desired()).not.toHaveProperty('seenUntil');
  });

  describe('what was desired before', () => {
    test('is named from the newest on, each release once', async () => {
      for (const number of [1, 2, 1, 3, 3]) await go(under.store, number);
      expect(await before()).toEqual([1, 2]);
      await go(under.store, 4, 'adopt');
      expect(await before()).toEqual([3, 1, 2]);
    });

    test('two rollbacks in a row go back two releases', async () => {
      for (const number of [1, 2, 3]) await go(under.store, number);
      expect(await before()).toEqual([2, 1]);
      await go(under.store, 2, 'rollback');
      expect(await before()).toEqual([1]);
      await go(under.store, 1, 'rollback');
      expect(await before()).toEqual([]);
    });

    test('a release that was left by a rollback is not among them, even if its block was lifted', async () => {
      for (const number of [1, 2, 3]) await go(under.store, number);
      await go(under.store, 2, 'rollback');
      await go(under.store, 4);
      expect(await before()).toEqual([2, 1]);
      await go(under.store, 3, 'rollback', { force: true });
      expect(await verdict(3)).toMatchObject({ blocked: false });
      await go(under.store, 4, 'restart', { force: true });
      expect(await verdict(4)).toMatchObject({ blocked: false });
      expect(await before()).toEqual([2, 1]);
      await go(under.store, 5);
      expect(await before()).toEqual([3, 2, 1]);
    });

    test('a rollback over several releases leaves all of them', async () => {
      for (const number of [1, 2, 3, 4]) await go(under.store, number);
      await go(under.store, 2, 'rollback');
      await go(under.store, 5);
      expect(await before()).toEqual([2, 1]);
    });

    test('a rollback to what is desired leaves nothing', async () => {
      for (const number of [1, 2]) await go(under.store, number);
      await go(under.store, 2, 'rollback');
      expect(await before()).toEqual([1]);
    });

    test('blocked releases, and those that were not verified, are not among them', async () => {
      const { store } = under;
      await go(store, 1);
      await run(store, newDeployment(2), { ...verified, verified: false });
      await go(store, 3);
      await go(store, 4);
      await run(store, newDeployment(3), { status: 'failed', error: fault(), behind: [], blocks: true });
      expect(await before()).toEqual([1]);
      expect(await store.deployments.before('staging', 'app')).toEqual([]);
    });

    test('a release that runs again while it is blocked is not among them', async () => {
      for (const number of [1, 2, 3]) await go(under.store, number);
      await go(under.store, 2, 'rollback');
      for (const number of [3, 4]) await go(under.store, number);
      expect(await verdict(3)).toMatchObject({ verdict: 'verified', blocked: true });
      expect(await before()).toEqual([2, 1]);
    });

    test('a hundred are remembered', async () => {
      for (let number = 1; number <= 103; number += 1) await go(under.store, number);
      const known = await before();
      expect([known.length, known[0], known.at(-1)]).toEqual([99, 102, 4]);
    });
  });

  describe('verdicts', () => {
    test('a success is verified, in its environment', async () => {
      const { id } = await go(under.store, 1);
      expect(await verdict(1)).toEqual({ verdict: 'verified', blocked: false, code: null, at: 3000, deploymentId: id });
      expect(await verdict(1, 'staging')).toBeUndefined();
      expect(await under.store.deployments.verdicts('other', [1])).toEqual(new Map());
      expect(await under.store.deployments.verdicts('app', [])).toEqual(new Map());
    });

    test('a failure by the service blocks its release, and a forced success lifts that', async () => {
      const { store } = under;
      const { id } = await run(store, newDeployment(1), {
        status: 'rolled-back',
        error: fault(),
        behind: [],
        blocks: true,
      });
      expect(await verdict(1)).toEqual({
        verdict: 'failed',
        blocked: true,
        code: 'container-start-failed',
        at: 3000,
        deploymentId: id,
      });
      await go(store, 1);
      expect(await verdict(1)).toMatchObject({ verdict: 'verified', blocked: true, code: null });
      await go(store, 1, 'deployment', { force: true });
      expect(await verdict(1)).toMatchObject({ verdict: 'verified', blocked: false });
    });

    test('a fault of others blocks nothing, and takes nothing from a verified release', async () => {
      const { store } = under;
      const failed = { status: 'failed', error: fault('host-unreachable'), behind: [], blocks: false } as const;
      await run(store, newDeployment(1), failed);
      expect(await verdict(1)).toMatchObject({ verdict: 'failed', blocked: false, code: 'host-unreachable' });
      await go(store, 1);
      await run(store, newDeployment(1), failed);
      expect(await verdict(1)).toMatchObject({ verdict: 'verified', blocked: false, code: null });
      await run(store, newDeployment(2, { kind: 'stop' }), failed);
      await run(store, newDeployment(2), { status: 'canceled', error: null, behind: [] });
      expect(await verdict(2)).toBeUndefined();
    });

    test('a fault of others lifts no block', async () => {
      const { store } = under;
      await run(store, newDeployment(1), { status: 'failed', error: fault(), blocks: true });
      await run(store, newDeployment(1, { force: true }), {
        status: 'failed',
        error: fault('host-unreachable'),
        blocks: false,
      });
      expect(await verdict(1)).toMatchObject({ verdict: 'failed', blocked: true, code: 'container-start-failed' });
    });

    test('a deployment that fails before it begins says so of its release', async () => {
      const { store } = under;
      const { id } = await add(store, newDeployment(1));
      await store.deployments.end(id, fault('variable-missing'), 4000);
      expect(await verdict(1)).toMatchObject({ verdict: 'failed', blocked: false, code: 'variable-missing' });
    });

    test('a rollback blocks what it leaves, once it has succeeded', async () => {
      const { store } = under;
      for (const number of [1, 2]) await go(store, number);
      const back = () => newDeployment(1, { kind: 'rollback' });
      await run(store, back(), { status: 'failed', error: fault('host-unreachable'), behind: [], blocks: false });
      expect(await verdict(2)).toMatchObject({ blocked: false });
      await run(store, back());
      expect(await verdict(2)).toMatchObject({ verdict: 'verified', blocked: true, at: 3000 });
      expect(await verdict(1)).toMatchObject({ verdict: 'verified', blocked: false });
    });

    test('a rollback while a deployment runs blocks the release of that', async () => {
      const { store } = under;
      await go(store, 1);
      const running = await start(store, newDeployment(2));
      const asked = newDeployment(1, { kind: 'rollback' });
      await add(store, asked);
      await store.deployments.finish(running, { status: 'canceled', error: null, behind: [] }, 4000);
      expect(await verdict(2)).toBeUndefined();
      const attempt = await store.deployments.claim(asked.id, 'w', 5000);
      await store.deployments.finish(attempt ?? running, verified, 6000);
      expect(await verdict(2)).toMatchObject({ verdict: 'unknown', blocked: true, code: null, deploymentId: asked.id });
      expect(await verdict(1)).toMatchObject({ verdict: 'verified', blocked: false });
    });

    test('a release shows them by environment, however it is read', async () => {
      const { store } = under;
      const build = await begin(store, newBuild());
      await store.queue.progress(build, { wasHead: true });
      await store.queue.finish(build, success(image('sha256:1')), 1000, []);
      const failed = await run(store, newDeployment(1, { environment: 'staging' }), {
        status: 'failed',
        error: fault(),
        behind: [],
        blocks: true,
      });
      const { id } = await go(store, 1);
      const expected = [
        { environment: 'production', verdict: 'verified', code: null, at: 3000, deploymentId: id },
        {
          environment: 'staging',
          verdict: 'failed',
          code: 'container-start-failed',
          at: 3000,
          deploymentId: failed.id,
        },
      ];
      const { releases } = store;
      const read = [
        await releases.get('app', 1),
        await releases.newest('app', 'main'),
        await releases.covering('app', 'main', build.commit),
        ...(await releases.page({ service: 'app', limit: 5, cursor: null })).items,
      ];
      expect(read.map((release) => release?.verdicts)).toEqual([expected, expected, expected, expected]);
    });
  });
}
