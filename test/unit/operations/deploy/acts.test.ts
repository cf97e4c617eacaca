import type { OwnContainer } from '../../../../src/model/observation.js';
import type { ActCall } from '../../../../src/operations/deploy/contract.js';
import { fault } from '../../../contracts/store-deployment-samples.js';
import { head, live } from '../../../contracts/store-samples.js';
import { must } from '../../../support/app.js';
import { digestOf, openDeploying, ticket, type TestDeploying } from '../../../support/deploying.js';
import { failureOf } from '../../../support/failure-of.js';
import { identityOf } from '../../../support/own-containers.js';

let under: TestDeploying;
beforeEach(async () => {
  under = await openDeploying({ environment: 'variables: { WHO: then }' });
  for (const commit of ['a', 'b', 'c']) await under.release(head(commit));
});
afterEach(() => under.close());

type Act = ActCall extends infer Call ? (Call extends ActCall ? Omit<Call, 'by'> : never) : never;
const at = { service: 'web', environment: 'production' } as const;
const back = (release: number | null = null, useKept = false): Act => ({ ...at, act: 'rollback', release, useKept });
const act = (what: Act, key: string | null = null) => under.deploying.act({ ...what, by: 'deployer' }, key);
const codeOf = async (what: Act) => (await failureOf(act(what)))?.code ?? null;
const deploy = (release: number) => under.deploying.deploy(ticket({ release }), null);
const deployed = async (...releases: number[]) => {
  for (const release of releases) await under.ends(await deploy(release));
};
const begin = async (release: number) => {
  const { id } = await deploy(release);
  await live(under.store, 'w');
  return must(await under.store.deployments.claim(id, 'w', 1));
};

describe('a rollback', () => {
  test('goes one release further back each time', async () => {
    await deployed(1, 2, 3);
    for (const expected of [2, 1]) {
      const rollback = await act(back());
      expect(rollback).toMatchObject({ kind: 'rollback', release: { number: expected } });
      await under.ends(rollback);
    }
    expect(await codeOf(back())).toBe('rollback-impossible');
  });

  test('goes to what is desired while a deployment runs, and cancels it', async () => {
    await deployed(1, 2);
    const { id } = await begin(3);
    expect((await act(back())).release?.number).toBe(2);
    expect((await under.store.deployments.get(id))?.cancelRequested).toBe(true);
  });

  test('may go to a named release that was verified there, blocked or not', async () => {
    await deployed(1, 2, 3);
    await under.ends(await act(back()));
    expect((await act(back(1))).release?.number).toBe(1);
    expect(await codeOf(back(9))).toBe('unknown-release');
    expect(await codeOf(back(3))).toBe('rollback-impossible');
  });

  test.each<[string, () => Promise<unknown>, number | null]>([
    ['nothing was deployed', async () => undefined, null],
    ['there was nothing before', () => deployed(1), null],
    ['the release is the present one', () => deployed(1, 2), 2],
    ['the release was never verified there', () => deployed(3), 1],
  ])('is impossible if %s', async (_, before, release) => {
    await before();
    expect(await codeOf(back(release))).toBe('rollback-impossible');
  });

  test('leaves out what failed in between', async () => {
    await deployed(1);
    await under.ends(await deploy(2), { status: 'rolled-back', error: fault('container-crashed'), blocks: true });
    await deployed(3);
    expect((await act(back())).release?.number).toBe(1);
  });

  test("has today's settings, or what was kept", async () => {
    await deployed(1, 2);
    const kept = must(await under.store.deployments.verdicts('web', [1]))
      .get('production')
      ?.get(1);
    await under.reconfigure({ environment: 'defaults: { memory: 1GiB }' });
    const memoryOf = async (useKept: boolean) => {
      const { id, ...rest } = await act(back(null, useKept));
      expect(rest.useKept).toBe(useKept);
      return (await under.store.deployments.specification(id))?.parameters.memory;
    };
    expect(await memoryOf(false)).toBe(1024 ** 3);
    expect(await memoryOf(true)).toBe(8 * 1024 ** 3);
    expect(kept).toMatchObject({ verdict: 'verified' });
  });
});

describe('what is desired', () => {
  test.each(['restart', 'stop', 'start'] as const)('can be asked to %s, with the parameters of then', async (what) => {
    await deployed(1);
    await under.reconfigure({ environment: 'defaults: { memory: 1GiB }' });
    const asked = await act({ ...at, act: what });
    expect(asked).toMatchObject({ kind: what, release: { number: 1 }, removes: false });
    expect((await under.store.deployments.specification(asked.id))?.parameters.memory).toBe(8 * 1024 ** 3);
  });

  test('can be removed, also after it left the configuration', async () => {
    await deployed(1);
    await under.reconfigure({ deploy: '' });
    expect(await act({ ...at, act: 'remove' })).toMatchObject({ kind: 'stop', removes: true });
  });

  test.each<[string, Act, string]>([
    ['nothing was deployed', { ...at, act: 'stop' }, 'no-release'],
    ['the service is unknown', { ...at, service: 'webb', act: 'stop' }, 'unknown-service'],
    ['the environment is unknown', { ...at, environment: 'prod', act: 'stop' }, 'unknown-environment'],
    ['it is not deployed there', { ...at, service: 'staged', act: 'restart' }, 'service-not-in-environment'],
  ])('is refused if %s', async (_, what, code) => {
    expect(await codeOf(what)).toBe(code);
  });
});

describe('what is observed', () => {
  const see = (
    host: string,
    release: number,
    status: 'running' | 'exited' | 'restarting' = 'running',
    over: Partial<Pick<OwnContainer, 'digests' | 'origin' | 'known'>> = {},
  ) => {
    const state = { status, health: null, startedAt: 1, restarts: 0, lastExit: null };
    const container = {
      id: 'c',
      name: 'n',
      image: 'i',
      digests: [],
      origin: null,
      state,
      ports: [],
      createdAt: 1,
      known: true,
      compared: null,
    };
    const own = [{ ...container, ...identityOf({ service: 'web', release }), ...over }];
    under.observations.note('production', host, { seen: { own, foreign: [] } });
  };

  test('becomes desired if every host runs the same release', async () => {
    see('a', 2);
    see('b', 3, 'exited');
    expect(await act({ ...at, act: 'adopt', force: true })).toMatchObject({
      kind: 'adopt',
      release: { number: 2 },
      force: true,
    });
  });

  const adopt = (force = false) => act({ ...at, act: 'adopt', force });
  const seeLost = (digest: string, origin: OwnContainer['origin'] = null, release = 6) =>
    see('a', release, 'running', { digests: [`other.net/web@sha256:1`, `registry.abc.net/web@${digest}`], origin });

  describe('of a release that the database has lost', () => {
    test('is made again from its image and its commit, under its number', async () => {
      const file = 'services: { web: { ports: ["8888:80"] } }\n';
      const commit = under.web.commit({ 'docker/Dockerfile': 'FROM scratch\n', 'docker/compose.yaml': file });
      seeLost(digestOf('e'), { commit, branch: 'release/1', version: '1.2-7-abc' });
      const { id, release } = await adopt();
      expect(release).toEqual({ number: 6, branch: 'release/1', commit, tag: '1.2-7-abc', digest: digestOf('e') });
      expect(await under.store.releases.get('web', 6)).toMatchObject({ branch: 'release/1', commit, buildId: null });
      expect((await under.store.deployments.specification(id))?.parameters.ports).toMatchObject([{ hostPort: 8888 }]);
      expect(await under.release(head('f'))).toBe(7);
    });

    test('is as another release of the same image, where there is one', async () => {
      seeLost(digestOf('b'));
      expect((await adopt()).release).toMatchObject({ number: 6, commit: head('b'), digest: digestOf('b') });
    });

    test('gets another number where its own was given again', async () => {
      const commit = under.web.commit({ 'docker/Dockerfile': 'FROM scratch\n' });
      seeLost(digestOf('e'), { commit, branch: 'main', version: null }, 2);
      expect((await adopt()).release).toMatchObject({ number: 4, digest: digestOf('e') });
      seeLost(digestOf('c'), null, 2);
      expect((await adopt()).release?.number).toBe(3);
    });

    test('is adopted without its run file where that has faults', async () => {
      const commit = under.web.commit({
        'docker/Dockerfile': 'FROM scratch\n',
        'docker/compose.yaml': 'services: {}\n',
      });
      seeLost(digestOf('e'), { commit, branch: 'main', version: null });
      expect((await adopt()).warnings).toEqual([expect.stringContaining('the run file is not used')]);
    });

    test('is refused where its image says nothing', async () => {
      seeLost(digestOf('e'));
      expect((await failureOf(adopt()))?.message).toContain('does not say from what it was built');
    });
  });

  test('is taken with force where it only claims to be ours', async () => {
    const claim = { ...identityOf({ service: 'web', release: 2 }), digests: [], origin: null };
    const container = { id: 'c', name: 'n', image: 'i', state: 'running', ports: [], claimsOurs: true } as const;
    under.observations.note('production', 'a', { seen: { own: [], foreign: [{ ...container, claim }] } });
    expect(await codeOf({ ...at, act: 'adopt', force: false })).toBe('owned-by-other');
    expect(await adopt(true)).toMatchObject({ kind: 'adopt', force: true, release: { number: 2 } });
  });

  test('is of what is not known, whatever else runs, also if it crashes again and again', async () => {
    see('a', 2, 'running');
    see('b', 3, 'restarting', { known: false });
    expect((await adopt()).release?.number).toBe(3);
  });

  test('is refused if nothing runs, or several releases do', async () => {
    expect(await codeOf({ ...at, act: 'adopt', force: false })).toBe('no-release');
    see('a', 2);
    see('b', 3);
    expect(await codeOf({ ...at, act: 'adopt', force: false })).toBe('no-release');
  });
});

describe('cancel', () => {
  const cancel = (id: string) => under.deploying.cancel(id, 'deployer');

  test('ends what has not begun', async () => {
    const { id } = await deploy(1);
    expect((await cancel(id)).status).toBe('canceled');
    expect((await failureOf(cancel(id)))?.code).toBe('deployment-finished');
    expect(under.happened.at(-1)).toMatchObject({ type: 'deployment', id, status: 'canceled' });
  });

  test('asks what has begun to go back', async () => {
    const { id } = await begin(1);
    expect(await cancel(id)).toMatchObject({ status: 'running', cancelRequested: true });
    expect(under.happened).toContainEqual({ type: 'cancel', id });
  });

  test('of what is not known is refused', async () => {
    expect((await failureOf(cancel('none')))?.code).toBe('unknown-deployment');
  });
});

interface Why {
  readonly reference: string | null;
  readonly reason: string | null;
}

describe('retry', () => {
  const retry = (id: string, force = false, why = { reference: null, reason: null } as Why) =>
    under.deploying.retry(id, { by: 'other', force, ...why }, null);

  test("deploys the same release again with today's settings", async () => {
    const { id } = await under.ends(await deploy(1), { status: 'failed', error: fault('port-in-use'), blocks: false });
    await under.reconfigure({ environment: 'defaults: { memory: 1GiB }' });
    const again = await retry(id);
    expect(again).toMatchObject({ kind: 'deployment', release: { number: 1 }, requester: { by: 'other' } });
    expect((await under.store.deployments.specification(again.id))?.parameters.memory).toBe(1024 ** 3);
  });

  test('has the ticket and the reason of before, unless it brings its own', async () => {
    const earlier = await deploy(1);
    const { reference, reason } = earlier;
    const { id } = await under.ends(earlier, { status: 'failed', error: fault('port-in-use'), blocks: false });
    const again = await retry(id);
    expect(again).toMatchObject({ reference, reason });
    await under.ends(again, { status: 'failed', error: fault('port-in-use'), blocks: false });
    const own = { reference: 'OPS-9', reason: 'the port is free' };
    expect(await retry(again.id, false, own)).toMatchObject(own);
  });

  test('needs force if the release is blocked', async () => {
    const end = { status: 'failed', error: fault('container-crashed'), blocks: true } as const;
    const { id } = await under.ends(await deploy(1), end);
    expect((await failureOf(retry(id)))?.code).toBe('release-blocked');
    expect((await retry(id, true)).force).toBe(true);
  });

  test('of what has not ended, or is not known, is refused', async () => {
    const { id } = await deploy(1);
    expect((await failureOf(retry(id)))?.code).toBe('deployment-in-progress');
    expect((await failureOf(retry('none')))?.code).toBe('unknown-deployment');
  });

  test('repeats an act', async () => {
    await deployed(1, 2);
    const { id } = await act(back());
    await under.deploying.cancel(id, 'deployer');
    expect(await retry(id)).toMatchObject({ kind: 'rollback', release: { number: 1 } });
  });

  test('of one that never had a release asks for its branch again', async () => {
    const commit = under.web.commit({ 'docker/Dockerfile': 'FROM scratch\nCOPY . /\n' });
    await under.queued(commit);
    const { id } = await under.deploying.deploy(ticket({ branch: 'main' }), null);
    await under.deploying.cancel(id, 'deployer');
    expect(await retry(id)).toMatchObject({ release: null, build: { branch: 'main' } });
  });
});

test('the same key is answered with the same act', async () => {
  await deployed(1, 2);
  const first = await act(back(), 'k');
  expect((await act(back(), 'k')).id).toBe(first.id);
  expect((await failureOf(act(back(1), 'k')))?.code).toBe('idempotency-conflict');
});
