import { storeForEachTest, type OpenStore } from './store-harness.js';
import { fault, go, newDeployment, run, start } from './store-deployment-samples.js';
import { build } from './store-release-samples.js';
import { head } from './store-samples.js';

/** Names that services had before, and what is taken over from them. */
export function formerNameContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const names = () => under.store.formerNames;
  const numbers = async (service: string) =>
    (await under.store.releases.page({ service, limit: 50, cursor: null })).items.map(({ number }) => number);
  const pages = async (service: string) =>
    (await under.store.deployments.page({ service, limit: 50, cursor: null })).items.map(({ id }) => id);

  test('a service takes over releases, verdicts, deployments, and what is desired and was before', async () => {
    const first = await build(under.store);
    await build(under.store, { commit: head('b'), digest: 'sha256:2' });
    await build(under.store, { commit: head('c'), digest: 'sha256:2' });
    await go(under.store, 1);
    const { id } = await go(under.store, 2);
    const { id: failed } = await run(under.store, newDeployment(3), {
      ...{ status: 'failed', error: fault(), behind: [], blocks: true },
    });
    const before = await under.store.deployments.desired('production', 'app');
    expect(await names().takeOver('app', 'shop')).toBe('open');

    const store = await under.reopen();
    const { deployments, releases } = store;
    expect([await numbers('shop'), await numbers('app')]).toEqual([[2, 1], []]);
    expect(await releases.get('shop', 1)).toMatchObject({ buildId: first.id, service: 'shop' });
    expect(await releases.covering('shop', 'main', head('c'))).toMatchObject({ number: 2 });
    expect(await deployments.desired('production', 'shop')).toEqual({ ...before, service: 'shop', deploymentId: id });
    expect(await deployments.desired('production', 'app')).toBeNull();
    expect(await deployments.before('production', 'shop')).toEqual([1]);
    expect(await pages('shop')).toEqual([failed, id, expect.any(String)]);
    expect(await pages('app')).toEqual([]);
    const verdicts = (await deployments.verdicts('shop', [2, 3])).get('production');
    expect(verdicts?.get(2)).toMatchObject({ verdict: 'verified' });
    expect(verdicts?.get(3)).toMatchObject({ verdict: 'failed', blocked: true });
    await build(store, { service: 'shop', commit: head('d'), digest: 'sha256:4' });
    expect(await numbers('shop')).toEqual([3, 2, 1]);
  });

  test('does so once', async () => {
    await build(under.store);
    await names().takeOver('app', 'shop');
    await build(under.store, { service: 'shop', digest: 'sha256:2' });
    expect(await names().takeOver('app', 'shop')).toBe('known');
    expect([await names().state('app', 'shop'), await numbers('shop')]).toEqual(['known', [2, 1]]);
  });

  test('leaves both as they are if the service has some of its own', async () => {
    await build(under.store);
    await build(under.store, { service: 'shop' });
    expect(await names().state('app', 'shop')).toBe('both');
    expect(await names().takeOver('app', 'shop')).toBe('both');
    expect([await numbers('shop'), await numbers('app')]).toEqual([[1], [1]]);
    expect((await names().all()).size).toBe(0);
  });

  test('takes nothing over from a name without releases and deployments', async () => {
    await build(under.store, { service: 'shop' });
    expect(await names().takeOver('app', 'shop')).toBe('nothing');
    expect([(await names().all()).size, await names().first('shop')]).toEqual([0, 'shop']);
  });

  test('takes a running deployment, whose attempt is lost', async () => {
    const { id, claim } = await start(under.store, newDeployment(1));
    await names().takeOver('app', 'shop');
    expect(await under.store.deployments.get(id)).toMatchObject({ service: 'shop', status: 'pending' });
    expect(await under.store.deployments.progress({ id, claim }, { warnings: ['late'] })).toBe(false);
    expect(await under.store.deployments.claim(id, 'w', 9000)).toMatchObject({ service: 'shop', status: 'running' });
  });

  test('a build that ends afterwards makes no release of the former name', async () => {
    await build(under.store);
    await names().takeOver('app', 'shop');
    await build(under.store, { commit: head('b'), digest: 'sha256:2' });
    expect([await numbers('app'), await numbers('shop')]).toEqual([[], [1]]);
  });

  test('remembers every name of a service, and the first one', async () => {
    await build(under.store);
    await names().takeOver('app', 'shop');
    expect(await names().takeOver('shop', 'store')).toBe('open');
    expect(await names().all()).toEqual(
      new Map([
        ['app', 'store'],
        ['shop', 'store'],
      ]),
    );
    expect([await names().first('store'), await numbers('store')]).toEqual(['app', [1]]);
  });

  test('gives a service its first name back', async () => {
    await build(under.store);
    await names().takeOver('app', 'shop');
    expect(await names().takeOver('shop', 'app')).toBe('open');
    expect(await names().all()).toEqual(
      new Map([
        ['app', 'app'],
        ['shop', 'app'],
      ]),
    );
    await build(under.store, { commit: head('b'), digest: 'sha256:2' });
    expect([await names().first('app'), await numbers('app')]).toEqual(['app', [2, 1]]);
  });
}
