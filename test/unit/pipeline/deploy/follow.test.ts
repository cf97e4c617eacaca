import type { Deployment } from '../../../../src/model/deployment.js';
import { createFollowing, type Following } from '../../../../src/pipeline/deploy/follow.js';
import { act } from '../../../../src/operations/deploy/acts.js';
import { fault, verified } from '../../../contracts/store-deployment-samples.js';
import { must, sha } from '../../../support/app.js';
import { openDeploying, ticket, type DeploySetting, type TestDeploying } from '../../../support/deploying.js';
import { keptRunFile } from '../../../support/effective.js';
import type { DeploymentEnd } from '../../../../src/store/contract.js';

let under: TestDeploying;
let following: Following;

async function open(setting: DeploySetting = { environment: 'follow: main' }): Promise<void> {
  under = await openDeploying(setting);
  following = another();
}
afterEach(() => under.close());

/** What a process does by itself; a second one is a restart, or another server of the same store. */
const another = (over: Partial<Parameters<typeof createFollowing>[0]> = {}): Following =>
  createFollowing({ ...under.deps, announce: (one) => under.events.publish({ type: 'deployment', ...one }), ...over });

async function look(by: Following = following): Promise<void> {
  under.events.publish({ type: 'looked' });
  await by.look();
}

const releases = 'abcdef';
/** Makes the next release of main, or of another branch. */
const release = async (number: number, given: Parameters<TestDeploying['release']>[1] = {}): Promise<number> => {
  under.clock.advance(1_000);
  await under.release(sha(releases.charAt(number - 1)), { at: under.clock.now(), ...given });
  return number;
};
const all = async (environment = 'production'): Promise<readonly Deployment[]> =>
  (await under.store.deployments.page({ environment, service: 'web', limit: 50, cursor: null })).items;
/** `2 pending follow`, oldest first. */
const list = async (environment?: string) =>
  (await all(environment))
    .map(({ release: of, status, requester }) => `${of?.number ?? '?'} ${status} ${requester.by}`)
    .reverse();
const end = async (how?: DeploymentEnd) => under.ends(must((await all())[0]), how);
const deploy = async (number: number, environment = 'production') => {
  under.clock.advance(1_000);
  return under.ends(await under.deploying.deploy(ticket({ release: number }, { environment }), null));
};
const broken: DeploymentEnd = { status: 'failed', error: fault(), behind: [], blocks: true };

test('each new release of the branch is deployed where that is followed, and nowhere else', async () => {
  await open();
  await look();
  expect(await list()).toEqual([]);
  await release(1);
  await look();
  const [asked] = await all();
  expect(asked).toMatchObject({
    ...{ kind: 'deployment', status: 'pending', release: { number: 1, branch: 'main' }, build: null },
    ...{ requester: { by: 'follow', person: false }, reason: 'a new release of main', reference: null },
  });
  expect(await under.store.deployments.specification(must(asked).id)).toMatchObject({ parameters: {} });
  expect(under.happened.at(-1)).toMatchObject({ type: 'deployment', id: asked?.id, status: 'pending' });
  await end();
  await release(2);
  await release(3, { branch: 'release/1' });
  await look();
  expect(await list()).toEqual(['1 succeeded follow', '2 pending follow']);
  expect(await list('staging')).toEqual([]);
});

test('where nothing is desired yet, the newest release is deployed at once', async () => {
  await open();
  await release(1);
  await release(2);
  await look();
  expect(await list()).toEqual(['2 pending follow']);
});

test('elsewhere a change of the configuration deploys nothing, and a newer release is waited for', async () => {
  await open({});
  await release(1);
  await deploy(1);
  await release(2);
  await look();
  await under.reconfigure({ environment: 'follow: main' });
  await look();
  expect(await list()).toEqual(['1 succeeded deployer']);
  await release(3);
  await look();
  await end();
  await under.reconfigure({});
  await look();
  await release(4);
  await look();
  await under.reconfigure({ environment: 'follow: main' });
  await look();
  expect(await list()).toEqual(['1 succeeded deployer', '3 succeeded follow']);
  await release(5, { branch: 'release/1' });
  await under.reconfigure({ environment: 'follow: release/1' });
  await look();
  expect(await list()).toHaveLength(2);
});

test('a newer release supersedes the one that waits', async () => {
  await open();
  await release(1);
  await look();
  await release(2);
  await look();
  expect(await list()).toEqual(['1 superseded follow', '2 pending follow']);
  expect(under.happened.filter((event) => event.type === 'deployment')).toMatchObject([
    { status: 'pending' },
    { status: 'superseded' },
    { status: 'pending' },
  ]);
});

test('a ticket and a rollback are never undone, and a newer release is deployed after them', async () => {
  await open();
  for (const number of [1, 2]) {
    await release(number);
    await look();
    await end();
  }
  await deploy(1);
  await look(another());
  const followed = ['1 succeeded follow', '2 succeeded follow'];
  expect(await list()).toEqual([...followed, '1 succeeded deployer']);
  await release(3);
  await look();
  await end();
  under.clock.advance(1_000);
  const call = { act: 'rollback', service: 'web', environment: 'production', by: 'deployer' } as const;
  const back = await act({ ...call, release: null, useKept: false }, async () => 'rollback', under.deps);
  await under.ends(back);
  await look(another());
  expect((await list()).slice(2)).toEqual(['1 succeeded deployer', '3 succeeded follow', '1 succeeded deployer']);
  await release(4);
  await look();
  expect((await list()).at(-1)).toBe('4 pending follow');
});

test('what a person asks for while the release waits wins over it', async () => {
  await open();
  await release(1);
  await look();
  await end();
  await release(2, { branch: 'release/1' });
  await release(3);
  under.clock.advance(1_000);
  const ticketOf2 = await under.deploying.deploy(ticket({ release: 2 }), null);
  await look();
  expect(await list()).toEqual(['1 succeeded follow', '2 pending deployer']);
  await under.ends(ticketOf2);
  await look();
  await release(4);
  await look();
  expect(await list()).toEqual(['1 succeeded follow', '2 succeeded deployer', '4 pending follow']);
});

test('a person who waits is not superseded, and their release is asked for once', async () => {
  await open();
  await release(1);
  await under.deploying.deploy(ticket({ release: 1 }), null);
  await look();
  expect(await list()).toEqual(['1 pending deployer']);
  await release(2);
  await look();
  expect(await list()).toEqual(['1 pending deployer', '2 pending follow']);
});

test('a release that is blocked waits for a newer one', async () => {
  await open();
  await release(1);
  await look();
  await end();
  await release(2);
  await look();
  await end(broken);
  await look(another());
  expect(await list()).toEqual(['1 succeeded follow', '2 failed follow']);
  await release(3);
  await look();
  expect((await list()).at(-1)).toBe('3 pending follow');
});

test('with requires, it is asked for once it is verified there', async () => {
  await open({ environment: 'follow: main\nrequires: staging' });
  await release(1);
  await look();
  expect(await list()).toEqual([]);
  await deploy(1, 'staging');
  await look();
  expect(await list()).toEqual(['1 pending follow']);
  await end();
  await release(2);
  await release(3);
  await deploy(2, 'staging');
  await look();
  expect((await list()).at(-1)).toBe('2 pending follow');
  const blocked = await under.deploying.deploy(ticket({ release: 3 }, { environment: 'staging' }), null);
  await under.ends(blocked, broken);
  await look();
  expect((await list()).at(-1)).toBe('2 pending follow');
});

test('while a service is stopped it waits, and goes on once it is started', async () => {
  await open();
  await release(1);
  await look();
  await end();
  const call = { service: 'web', environment: 'production', by: 'deployer' };
  const run = async (what: 'stop' | 'start', wanted: 'stopped' | 'running') => {
    const { id } = await act({ ...call, act: what }, async () => what, under.deps);
    await under.ends({ id }, { ...verified, desired: { wanted, behind: [] } });
  };
  await run('stop', 'stopped');
  await release(2);
  await look();
  expect((await list()).at(-1)).toBe('1 succeeded deployer');
  await run('start', 'running');
  await look();
  expect((await list()).at(-1)).toBe('2 pending follow');
});

test('what would answer a ticket is seen as a deployment that failed, once', async () => {
  await open();
  const runFile = keptRunFile('services: { web: { environment: [MISSING], privileged: true } }');
  await release(1, { runFile });
  await look();
  const [failed] = await all();
  expect(failed).toMatchObject({ status: 'failed', requester: { by: 'follow' }, release: { number: 1 } });
  expect(failed?.error).toMatchObject({ code: 'run-file-not-allowed', blame: 'run-file' });
  expect(failed?.error?.faults.map(({ code }) => code).sort()).toEqual(['run-file-not-allowed', 'variable-missing']);
  expect(under.happened.at(-1)).toMatchObject({ type: 'deployment', status: 'failed' });
  await look(another());
  await release(2);
  await look();
  expect(await list()).toEqual(['1 failed follow', '2 pending follow']);
});

test('two servers, and one that dies and comes back, ask once', async () => {
  await open();
  const other = another();
  for (const number of [1, 2, 3]) {
    await release(number);
    await Promise.all([look(), look(other), look(another())]);
  }
  await under.store.housekeeping.forgetDeployments(2e12);
  await look(another());
  const made = (await list()).filter((one) => one.endsWith('follow'));
  expect([new Set(made).size, made.length]).toEqual([made.length, made.length]);
  expect(made.at(-1)).toBe('3 pending follow');
});

test('what hinders one service is logged and tried again, and hinders no other', async () => {
  await open();
  await release(1);
  let isAway = true;
  const texts = under.store.releases.texts;
  const reading = { ...under.store.releases, texts: async (hash: string) => (isAway ? null : texts(hash)) };
  const by = another({ store: { ...under.store, releases: reading } });
  await look(by);
  expect(await list()).toEqual([]);
  isAway = false;
  await by.look();
  expect(await list()).toEqual([]);
  under.clock.advance(10_000);
  await by.look();
  expect(await list()).toEqual(['1 pending follow']);
});

test('without an event the store is asked again after a while only', async () => {
  await open();
  await look();
  await release(1);
  await following.look();
  expect(await list()).toEqual([]);
  under.clock.advance(10_000);
  await following.look();
  expect(await list()).toEqual(['1 pending follow']);
  await following.look();
  following.close();
  await release(2);
  under.events.publish({ type: 'looked' });
  await following.look();
  expect(await list()).toHaveLength(1);
});
