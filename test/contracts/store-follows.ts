import type { DeploymentError } from '../../src/model/deployment.js';
import type { FollowMark } from '../../src/store/contract.js';
import { add, fault, go, newDeployment, run, slipway, verified } from './store-deployment-samples.js';
import { build } from './store-release-samples.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { head } from './store-samples.js';

const pair = { environment: 'production', service: 'app' };
const at = (number: number, branch: string | null = 'main'): FollowMark => ({ ...pair, branch, number });
const follower = { by: 'follow', person: false };

/** What environments that follow a branch have settled. */
export function followContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const follows = () => under.store.follows;
  const ask = (number: number, newest: string | null, error: DeploymentError | null = null) => {
    const made = newDeployment(number, { requester: follower, ...(error !== null && { specification: null }) });
    return follows().ask({ deployment: made, mark: at(number), newest, error }, 1000);
  };
  const statusOf = async (id = '') => (await under.store.deployments.get(id))?.status;

  test('the number of a mark never falls, and its branch is the last one', async () => {
    await follows().note(at(3));
    await follows().note(at(2, 'release/1'));
    expect(await follows().all()).toEqual([at(3, 'release/1')]);
    await follows().note({ ...at(1), environment: 'staging' });
    await follows().note(at(4, null));
    const marks = [...(await (await under.reopen()).follows.all())];
    expect(marks.sort((a, b) => b.number - a.number)).toEqual([at(4, null), { ...at(1), environment: 'staging' }]);
  });

  test('a release is asked for once', async () => {
    const first = await ask(2, null);
    expect(first?.deployment).toMatchObject({ status: 'pending', requester: follower, release: { number: 2 } });
    const id = first?.deployment.id ?? '';
    expect([await ask(2, id), await ask(1, id)]).toEqual([null, null]);
    expect(await follows().all()).toEqual([at(2)]);
    expect(await under.store.deployments.unfinished()).toHaveLength(1);
    expect(await under.store.deployments.specification(id)).not.toBeNull();
  });

  test('nothing is asked for, and nothing settled, if something was asked for in the meantime', async () => {
    await add(under.store, newDeployment(1));
    expect(await ask(2, null)).toBeNull();
    expect(await follows().all()).toEqual([]);
    expect(await under.store.deployments.unfinished()).toHaveLength(1);
  });

  test('it supersedes what Slipway asked for, and not what a person did', async () => {
    const person = await add(under.store, newDeployment(1));
    const repair = await add(under.store, newDeployment(1, { kind: 'repair', requester: slipway }));
    const asked = await ask(2, repair.id);
    expect(asked?.superseded).toEqual([repair.id]);
    expect([await statusOf(person.id), await statusOf(repair.id)]).toEqual(['pending', 'superseded']);
    const next = await ask(3, asked?.deployment.id ?? null);
    expect(next?.superseded).toEqual([asked?.deployment.id]);
  });

  test('one that cannot be deployed is stored as failed, blocks nothing and supersedes nothing', async () => {
    const first = await ask(2, null);
    const error = fault('variable-missing');
    const asked = await ask(3, first?.deployment.id ?? '', error);
    const { id = '' } = asked?.deployment ?? {};
    expect(asked).toEqual({ deployment: await under.store.deployments.get(id), superseded: [] });
    expect(asked?.deployment).toMatchObject({ status: 'failed', error, finishedAt: 1000, startedAt: null });
    expect(await statusOf(first?.deployment.id)).toBe('pending');
    const verdict = (await under.store.deployments.verdicts('app', [3])).get('production')?.get(3);
    expect(verdict).toMatchObject({ verdict: 'failed', blocked: false, code: 'variable-missing' });
    expect(await follows().all()).toEqual([at(3)]);
  });

  test('the newest releases are those of heads of the branch', async () => {
    await build(under.store);
    await build(under.store, { digest: 'sha256:2', commit: head('b') });
    await build(under.store, { digest: 'sha256:3', commit: head('c'), wasHead: false });
    await build(under.store, { digest: 'sha256:4', commit: head('d'), branch: 'release/1' });
    await build(under.store, { service: 'other' });
    expect(await follows().newest('main', ['app', 'other', 'none'], null)).toEqual(
      new Map([
        ['app', 2],
        ['other', 1],
      ]),
    );
    expect(await follows().newest('release/1', ['app', 'other'], null)).toEqual(new Map([['app', 4]]));
  });

  test('or those of them that were verified in an environment and are not blocked there', async () => {
    for (const commit of ['a', 'b', 'c'])
      await build(under.store, { commit: head(commit), digest: `sha256:${commit}` });
    const newest = async () => (await follows().newest('main', ['app'], 'production')).get('app');
    expect(await newest()).toBeUndefined();
    await go(under.store, 1);
    await go(under.store, 2);
    await run(under.store, newDeployment(3), { status: 'failed', error: fault(), behind: [], blocks: true });
    expect(await newest()).toBe(2);
    expect((await follows().newest('main', ['app'], 'staging')).size).toBe(0);
    await run(under.store, newDeployment(1, { kind: 'rollback' }), verified);
    expect(await newest()).toBe(1);
  });

  test('a renamed service goes on from where it was', async () => {
    await build(under.store);
    await follows().note(at(1));
    await follows().note({ ...at(0), service: 'shop' });
    expect(await under.store.formerNames.takeOver('app', 'shop')).toBe('open');
    expect(await follows().all()).toEqual([{ ...at(1), service: 'shop' }]);
  });
}
