import type { Deployment } from '../../src/model/deployment.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { add, deployed, newDeployment, slipway, specification, start } from './store-deployment-samples.js';
import { live } from './store-samples.js';

/** Holds, approvals, and deployments that wait at their gate. */
export function gateContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const deployments = () => under.store.deployments;
  const get = (id: string) => deployments().get(id);
  /** One that waits at its gate. */
  async function atGate(
    as: 'pending' | 'running',
    over: Parameters<typeof newDeployment>[1] = {},
  ): Promise<Deployment> {
    const attempt = await start(under.store, newDeployment(1, over));
    expect(await deployments().waitAtGate(attempt, as)).toBe(true);
    return attempt;
  }

  describe('a hold', () => {
    const hold = { environment: 'production', by: 'ops', reason: 'the year ends', until: 500 };
    const other = { ...hold, environment: 'staging', until: null };

    test('reads back until it ends, also after a restart', async () => {
      for (const each of [hold, other]) await under.store.holds.put(each);
      const { holds } = await under.reopen();
      expect(await holds.inForce(499)).toEqual(new Map([hold, other].map((one) => [one.environment, one])));
      expect(await holds.inForce(500)).toEqual(new Map([['staging', other]]));
    });

    test('is the only one of its environment', async () => {
      const { holds } = under.store;
      for (const each of [hold, { ...hold, by: 'me', reason: 'it goes on', until: 900 }]) await holds.put(each);
      expect([...(await holds.inForce(0)).values()]).toEqual([
        { environment: 'production', by: 'me', reason: 'it goes on', until: 900 },
      ]);
    });

    test('is removed once', async () => {
      const { holds } = under.store;
      for (const each of [hold, other]) await holds.put(each);
      expect([await holds.remove('production'), await holds.remove('production')]).toEqual([true, false]);
      expect([...(await holds.inForce(0)).keys()]).toEqual(['staging']);
    });
  });

  describe('an approval', () => {
    test('is kept, each token once with its last time', async () => {
      const { id } = await add(under.store, newDeployment(1));
      for (const [by, at] of [
        ['ops', 10],
        ['me', 20],
        ['ops', 30],
      ] as const)
        expect(await deployments().approve(id, by, at)).toBe('approved');
      expect((await get(id))?.approvals).toEqual([
        { by: 'me', at: 20 },
        { by: 'ops', at: 30 },
      ]);
    });

    test('does not count before the release is known', async () => {
      const build = { id: 'b', branch: 'main' };
      const { id } = await add(under.store, newDeployment(1, { release: null, specification: null, build }));
      expect(await deployments().approve(id, 'ops', 10)).toBe('too-early');
      await deployments().released(id, deployed(1), specification('sha256:1'), []);
      expect((await get(id))?.approvals).toEqual([]);
      expect(await deployments().approve(id, 'ops', 10)).toBe('approved');
    });

    test('of what has ended, or is not there, changes nothing', async () => {
      const { id } = await add(under.store, newDeployment(1));
      await deployments().cancel(id, 5);
      expect([await deployments().approve(id, 'ops', 10), await deployments().approve('nothing', 'ops', 10)]).toEqual([
        'already-ended',
        null,
      ]);
      expect((await get(id))?.approvals).toEqual([]);
    });
  });

  describe('at the gate', () => {
    test('an attempt ends, and the next one waits no more', async () => {
      const attempt = await atGate('pending');
      expect(await get(attempt.id)).toMatchObject({ status: 'pending', gate: 'waits', notBefore: 0 });
      expect(await deployments().progress(attempt, { warnings: ['late'] })).toBe(false);
      expect(await deployments().claim(attempt.id, 'w', 9000)).toMatchObject({ status: 'running', gate: null });
    });

    test('an attempt goes on as long as it waits', async () => {
      const attempt = await atGate('running');
      expect(await get(attempt.id)).toMatchObject({ status: 'running', gate: 'waits' });
      expect(await deployments().passGate(attempt)).toBe(true);
      expect(await get(attempt.id)).toMatchObject({ status: 'running', gate: 'passed' });
    });

    test('what has passed has passed for each later attempt', async () => {
      const attempt = await start(under.store, newDeployment(1));
      await deployments().passGate(attempt);
      await deployments().putBack(attempt, 0, null);
      expect(await deployments().claim(attempt.id, 'w', 9000)).toMatchObject({ gate: 'passed' });
    });

    test('an attempt that is put back while it waits begins again', async () => {
      const attempt = await atGate('running');
      await deployments().putBack(attempt, 0, null);
      expect(await get(attempt.id)).toMatchObject({ status: 'pending', gate: null });
    });

    test('a worker that is gone loses what waits while it runs, and nothing of what is pending', async () => {
      const [running, pending] = [await atGate('running'), await atGate('pending', { service: 'other' })];
      await under.store.workers.leave('w');
      await live(under.store, 'heir');
      await under.store.housekeeping.recover('heir');
      expect(await get(running.id)).toMatchObject({ status: 'pending', gate: null });
      expect(await get(pending.id)).toMatchObject({ status: 'pending', gate: 'waits' });
    });

    test('a lost attempt neither waits nor passes', async () => {
      const attempt = await start(under.store, newDeployment(1));
      const lost = { ...attempt, claim: attempt.claim - 1 };
      expect([await deployments().waitAtGate(lost, 'pending'), await deployments().passGate(lost)]).toEqual([
        false,
        false,
      ]);
      expect(await get(attempt.id)).toMatchObject({ status: 'running', gate: null });
    });

    test('what is to be canceled does not pass', async () => {
      const attempt = await atGate('running');
      await deployments().cancel(attempt.id, 5);
      expect(await deployments().passGate(attempt)).toBe(false);
    });
  });

  describe('what waits at its gate', () => {
    const added = async (over: Parameters<typeof newDeployment>[1]) =>
      (await deployments().add(newDeployment(2, over), 4000))?.superseded;

    test.each(['pending', 'running'] as const)('is superseded by a person while it is %s', async (as) => {
      const attempt = await atGate(as);
      expect(await added({})).toEqual([attempt.id]);
      expect(await get(attempt.id)).toMatchObject({ status: as, turnedBack: 'superseded', cancelRequested: false });
      expect(await deployments().passGate(attempt)).toBe(false);
    });

    test('is not superseded by Slipway if a person asked', async () => {
      await atGate('pending');
      expect(await added({ requester: slipway })).toEqual([]);
    });

    test("is superseded by Slipway's newer deployment, and not by its repair", async () => {
      const attempt = await atGate('pending', { requester: slipway });
      expect(await added({ requester: slipway, kind: 'repair' })).toEqual([]);
      expect(await added({ requester: slipway })).toEqual(expect.arrayContaining([attempt.id]));
    });

    test('is canceled by a rollback if it runs, and else superseded', async () => {
      const [running, pending] = [await atGate('running'), await atGate('pending', { service: 'other' })];
      await deployments().add(newDeployment(1, { kind: 'rollback' }), 4000);
      await deployments().add(newDeployment(1, { kind: 'rollback', service: 'other' }), 4000);
      expect(await get(running.id)).toMatchObject({ cancelRequested: true, turnedBack: null });
      expect(await get(pending.id)).toMatchObject({ cancelRequested: false, turnedBack: 'superseded' });
    });

    test('was overtaken while it was prepared', async () => {
      const attempt = await start(under.store, newDeployment(1));
      expect(await added({})).toEqual([]);
      await deployments().waitAtGate(attempt, 'pending');
      expect(await get(attempt.id)).toMatchObject({ status: 'pending', turnedBack: 'superseded' });
    });

    test('was not overtaken by a deployment of another service', async () => {
      const attempt = await start(under.store, newDeployment(1));
      await added({ service: 'other' });
      await deployments().waitAtGate(attempt, 'pending');
      expect(await get(attempt.id)).toMatchObject({ turnedBack: null });
    });
  });
}
