/** A database that was restored from an older backup: hosts run deployments that it does not know. */
import { createLabels } from '../../../../src/container-labels.js';
import type { KeptSpecification, NewDeployment } from '../../../../src/model/deployment.js';
import { createExpected } from '../../../../src/pipeline/observe/expected.js';
import { lookAtHost } from '../../../../src/pipeline/observe/look-at-host.js';
import { Secret } from '../../../../src/secret.js';
import { deployed, fault } from '../../../contracts/store-deployment-samples.js';
import { live } from '../../../contracts/store-samples.js';
import { deployStage, imageOf, kept, type DeployStage } from '../../../support/deploy-stage.js';

let stage: DeployStage;
let older: DeployStage;
beforeEach(async () => {
  stage = await deployStage();
  await stage.deploy(2);
  // The same hosts and instance, without what the other database knows.
  const fresh = await deployStage([]);
  older = Object.assign(fresh, { hosts: stage.hosts, environment: stage.environment });
  Object.assign(older.deps, { hosts: stage.deps.hosts });
  for (const host of stage.hosts.values()) for (const number of [1, 3, 4]) host.offer(imageOf(number));
});
afterEach(async () => {
  await older.close();
  await stage.close();
});

const changing = /^(start|stop|setRestart|create|remove) /;

test('nothing is changed where a deployment runs that is not known', async () => {
  const [a] = [...stage.hosts.values()];
  const before = a?.transcript.length;
  const failed = await older.deploy(1);
  expect([failed.status, failed.error?.code]).toEqual(['failed', 'owned-by-other']);
  expect(failed.error?.message).toContain('adopt-observed');
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
  expect(a?.transcript.slice(before).filter((line) => changing.test(line))).toEqual([]);
});

describe('what runs', () => {
  const { desired, look } = {
    desired: () => older.temp.store.deployments.desired('production', 'app'),
    look: async () => {
      const expected = await createExpected(older.temp.store)('production');
      const seen = await Promise.all(
        [...stage.hosts.values()].map((host) =>
          lookAtHost(host, 'production', { labels: older.deps.labels, expected }),
        ),
      );
      return seen.flatMap(({ own }) => own).filter(({ state }) => state.status === 'running');
    },
  };
  const today = (more: Partial<KeptSpecification> = {}) => kept(2, { hostname: 'today', ...changes }, more);
  const changes = { environment: { KEY: { value: 'mine', secret: false, written: 'mine' } } };
  const adopt = (over: Partial<NewDeployment> = {}) =>
    older.deploy(2, { kind: 'adopt', specification: today(), ...over });

  test('becomes desired as it is, and nothing is changed either', async () => {
    const [a] = [...stage.hosts.values()];
    const before = a?.transcript.length;
    expect((await look()).map(({ known }) => known)).toEqual([false, false]);
    expect((await adopt()).status).toBe('succeeded');
    expect(await desired()).toMatchObject({
      release: { number: 2 },
      specification: { parameters: { hostname: null } },
    });
    expect(a?.transcript.slice(before).filter((line) => changing.test(line))).toEqual([]);
    expect(await look()).toMatchObject([
      { known: true, compared: { drift: [] } },
      { known: true, compared: { drift: [] } },
    ]);
  });

  test('is what a restart starts again, and what the next deployment goes back to', async () => {
    // By hand, so it is not what its label says.
    for (const host of stage.hosts.values())
      for (const { container } of host.all.values())
        Object.assign(container, { parameters: { ...container.parameters, memory: 2 ** 30, memorySwap: 2 ** 30 } });
    await adopt();
    expect((await desired())?.specification.parameters.memory).toBe(2 ** 30);
    expect((await older.deploy(2, { kind: 'restart' })).status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
    for (const host of stage.hosts.values()) host.program(['crash'], { exit: 1 });
    expect((await older.deploy(3, { specification: kept(3, { command: ['crash'] }) })).status).toBe('rolled-back');
    expect(await stage.running()).toMatchObject({ a: ['2 always', '(3 no)'], b: ['2 always'] });
    expect((await older.deploy(4)).status).toBe('succeeded');
    expect(await older.temp.store.deployments.before('production', 'app')).toEqual([2]);
    expect((await older.deploy(2, { kind: 'rollback', specification: (await kept2()) ?? kept(2) })).status).toBe(
      'succeeded',
    );
    expect(await stage.running()).toMatchObject({ a: ['2 always', '(4 no)'], b: ['2 always', '(4 no)'] });
  });

  /** With `useKept`. */
  const kept2 = async () => {
    const { deployments } = older.temp.store;
    const verdict = (await deployments.verdicts('app', [2])).get('production')?.get(2);
    return deployments.specification(verdict?.deploymentId ?? '');
  };

  test('is secret where nobody knows, and keeps what no container tells', async () => {
    const verify = { path: '/version', port: 80 } as unknown as KeptSpecification['verify'];
    await stage.deploy(5, { specification: kept(5, { environment: { ...changes.environment, PW: plain('geheim') } }) });
    await adopt({ release: deployed(5), specification: { ...today({ verify }), image: imageOf(5) } });
    expect((await desired())?.specification).toMatchObject({
      verify,
      parameters: {
        environment: {
          KEY: { secret: false, written: 'mine' },
          PW: { value: 'geheim', secret: true, written: '${PW}' },
        },
      },
    });
  });

  const plain = (value: string) => ({ value, secret: false, written: value });

  describe('without our seal', () => {
    beforeEach(() => {
      Object.assign(older.deps, { labels: createLabels('slipway', new Secret('another key')) });
    });

    test('is taken with force alone, and is ours from then on', async () => {
      expect(await adopt()).toMatchObject({ status: 'failed', error: { code: 'no-release' } });
      expect(await older.deploy(3)).toMatchObject({ status: 'failed', error: { code: 'owned-by-other' } });
      expect((await adopt({ force: true })).status).toBe('succeeded');
      expect(await look()).toMatchObject([{ known: true, compared: { drift: [] } }, { known: true }]);
      // Another process knows it from the database.
      const { store } = older.temp;
      Object.assign(older.deps, {
        labels: createLabels('slipway', new Secret('another key'), await store.deployments.taken()),
      });
      expect((await older.deploy(3)).status).toBe('succeeded');
      expect(await stage.running()).toMatchObject({ a: ['(2 no)', '3 always'], b: ['(2 no)', '3 always'] });
    });

    test('is not mixed up with what another instance runs', async () => {
      Object.assign(older.deps, { labels: createLabels('other', new Secret('another key')) });
      expect(await adopt({ force: true })).toMatchObject({ status: 'failed', error: { code: 'no-release' } });
    });
  });
});

describe.each(['failed', 'canceled'] as const)('a restored deployment that had %s', (why) => {
  /** Runs it on. Its hosts were being worked on when the backup was made. */
  async function goOn(number: number) {
    const { deployments } = older.temp.store;
    const id = await older.ask(number);
    await live(older.temp.store, 'gone');
    const claimed = await deployments.claim(id, 'gone', Date.now());
    if (claimed === null) throw new Error('it is not claimed');
    const hosts = ['a', 'b'].map((host) => ({ host, state: 'verifying', verifications: [] }) as const);
    await deployments.progress(claimed, { hosts });
    if (why === 'failed') await deployments.turnBack(claimed, 'failed', fault());
    await deployments.putBack(claimed, 0, null);
    if (why === 'canceled') await deployments.cancel(id, Date.now());
    const before = [...stage.hosts.values()].map(({ transcript }) => transcript.length);
    const { status } = await older.attempt(id);
    for (const [at, host] of [...stage.hosts.values()].entries())
      expect(host.transcript.slice(before[at]).filter((line) => changing.test(line))).toEqual([]);
    return status;
  }

  test('changes nothing on a host that runs what is not known', async () => {
    expect(await goOn(1)).toBe(why);
    expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
  });

  test('goes back to what was desired if that is known', async () => {
    await older.deploy(2, { kind: 'adopt' });
    await stage.deploy(3);
    // Newer than what is desired, by the host's clock.
    for (const host of stage.hosts.values())
      for (const one of host.all.values())
        if (one.status === 'running') Object.assign(one, { createdAt: Date.now() + 9_999 });
    await goOn(4);
    expect(await stage.running()).toMatchObject({ a: ['(2 no)', '3 always'], b: ['(2 no)', '3 always'] });
  });
});

test('a stop changes nothing either', async () => {
  const failed = await older.deploy(2, { kind: 'stop' });
  expect([failed.status, failed.error?.code]).toEqual(['failed', 'owned-by-other']);
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
});

test('a release that runs on some hosts alone is adopted, and is brought to the others afterwards', async () => {
  const [a] = [...stage.hosts.values()];
  for (const { id } of a?.all.values() ?? []) await a?.controls.stop(id, 0);
  const { status, warnings } = await older.deploy(2, { kind: 'adopt' });
  expect([status, warnings]).toEqual(['succeeded', [expect.stringContaining('a does not run the release')]]);
  expect(await older.temp.store.deployments.desired('production', 'app')).toMatchObject({ behind: ['a'] });
  expect((await older.deploy(2, { kind: 'repair' })).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
});

test('a release that runs nowhere is not adopted, and what runs goes on', async () => {
  const failed = await older.deploy(3, { kind: 'adopt' });
  expect([failed.status, failed.error?.code]).toEqual(['failed', 'no-release']);
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
});
