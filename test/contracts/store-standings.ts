import { storeForEachTest, type OpenStore } from './store-harness.js';
import { add, deployed, fault, go, newDeployment, run } from './store-deployment-samples.js';
import { build } from './store-release-samples.js';
import { head } from './store-samples.js';

/** How services stand in environments. */
export function standingContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('says how far a service is behind its branch, who asked for it, and what was asked for last', async () => {
    const { store } = under;
    const [first, second] = [head('a'), head('b')];
    await build(store, { commit: first });
    await go(store, 1);
    await build(store, { commit: second, digest: 'sha256:2' });
    await build(store, { commit: head('c'), digest: 'sha256:3' });
    // Neither is newer on `main`: one is of another branch, and one was no head.
    await build(store, { commit: head('d'), branch: 'next', digest: 'sha256:4' });
    await build(store, { commit: head('e'), digest: 'sha256:5', wasHead: false });
    const over = { requester: { by: 'ben', person: true } };
    const failed = await run(store, newDeployment(2, over), { status: 'failed', error: fault(), blocks: true });
    await add(store, newDeployment(1, { environment: 'staging' }));
    const pairs = ['production', 'staging', 'test'].map((environment) => ({ environment, service: 'app' }));
    const last = { kind: 'deployment', at: 1000 };
    expect(await store.deployments.standings(pairs)).toEqual([
      {
        ...{ environment: 'production', service: 'app', desiredBy: 'deployer', newer: 2 },
        last: {
          ...{ ...last, id: failed.id, status: 'failed', by: 'ben' },
          ...{ release: { number: 2, tag: deployed(2).tag }, blocked: true },
        },
      },
      {
        ...{ environment: 'staging', service: 'app', desiredBy: null, newer: null },
        last: {
          ...{ ...last, id: expect.any(String), status: 'pending', by: 'deployer' },
          ...{ release: { number: 1, tag: deployed(1).tag }, blocked: false },
        },
      },
    ]);
  });

  test('what is of a git tag is behind nothing', async () => {
    const { store } = under;
    const tagged = { branch: 'refs/tags/v1' };
    await build(store, tagged);
    await go(store, 1, 'deployment', { release: deployed(1, tagged) });
    await build(store, { ...tagged, commit: head('b'), digest: 'sha256:2' });
    expect(await store.deployments.standings([{ environment: 'production', service: 'app' }])).toMatchObject([
      { desiredBy: 'deployer', newer: null },
    ]);
  });
}
