import { add, deployed, go, newDeployment, run, start, verified } from './store-deployment-samples.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';

export function deploymentRetentionContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const page = async () => (await under.store.deployments.page({ limit: 50, cursor: null })).items.map(({ id }) => id);

  describe('retention', () => {
    test('ended deployments go with their logs, but for what is desired, was desired, or has not ended', async () => {
      const { store } = under;
      const [first, second, third] = [await go(store, 1), await go(store, 2), await go(store, 3)];
      const restart = await go(store, 3, 'restart');
      const old = await start(store, newDeployment(9, { service: 'other' }));
      await store.deployments.log(old, 'text');
      await store.deployments.finish(old, { status: 'canceled', error: null }, 4000);
      const fresh = await run(store, newDeployment(9, { service: 'other' }), { status: 'canceled', error: null }, 5000);
      const waits = await add(store, newDeployment(9, { service: 'other' }));
      const running = await start(store, newDeployment(9, { service: 'third' }));
      // What a restart made may run still.
      expect(await store.housekeeping.forgetDeployments(5000)).toBe(1);
      const left = [running, waits, fresh, restart, third, second, first];
      expect(await page()).toEqual(left.map(({ id }) => id));
      expect(await store.deployments.readLog(old.id, 0)).toEqual({ text: '', next: 0 });
      expect(await store.deployments.before('production', 'app')).toEqual([2, 1]);
    });

    test('what a rollback left goes, and so does what it went back to, once the rollback is what is desired', async () => {
      const { store } = under;
      for (const number of [1, 2]) await go(store, number);
      await go(store, 1, 'rollback');
      expect(await store.housekeeping.forgetDeployments(5000)).toBe(2);
      expect(await store.deployments.desired('production', 'app')).toMatchObject({ release: deployed(1) });
    });

    test('logs of deployments that ended before go with those of builds', async () => {
      const { store } = under;
      const said = async (end: number, service: string) => {
        const attempt = await start(store, newDeployment(1, { service }));
        await store.deployments.log(attempt, `log of ${service}`);
        await store.deployments.finish(attempt, verified, end);
        return attempt.id;
      };
      const ids = [await said(3000, 'old'), await said(4000, 'fresh')];
      const running = await start(store, newDeployment(1, { service: 'running' }));
      await store.deployments.log(running, 'log of running');
      await store.housekeeping.clean(4000);
      const logs = await Promise.all([...ids, running.id].map((id) => store.deployments.readLog(id, 0)));
      expect(logs.map(({ text }) => text)).toEqual(['', 'log of fresh', 'log of running']);
    });
  });
}
