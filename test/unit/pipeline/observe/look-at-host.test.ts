import { containerName } from '../../../../src/container-labels.js';
import type { Parameters } from '../../../../src/model/parameters.js';
import { createExpected, type ExpectedStore } from '../../../../src/pipeline/observe/expected.js';
import { lookAtHost } from '../../../../src/pipeline/observe/look-at-host.js';
import { desiredOf, expectedStore, keptSpecification } from '../../../support/desired.js';
import { createFakeHost, type FakeHost } from '../../../support/fake-host.js';
import { identityOf, runOn, runOwn, testLabels } from '../../../support/own-containers.js';
import { plainParameters } from '../../../support/random-parameters.js';

const specification = keptSpecification({
  parameters: {
    ...plainParameters,
    memory: 8 * 2 ** 30,
    memorySwap: 8 * 2 ** 30,
    environment: { B: { value: 'x', secret: false, written: 'x' }, A: { value: 'y', secret: true, written: '${A}' } },
  },
});
let host: FakeHost;
beforeEach(() => {
  host = createFakeHost();
});

const look = async (store: ExpectedStore) => {
  const expected = await createExpected(store)('production');
  return (await lookAtHost(host, 'production', { labels: testLabels, expected })).own;
};
const runWanted = (changes: Partial<Parameters> = {}) => {
  const identity = identityOf();
  const parameters = { ...specification.parameters, ...changes };
  const { restart } = parameters;
  return runOn(host, { name: containerName(identity), labels: testLabels.of(identity), parameters, restart });
};

test('the release that is desired is no drift, in whichever order its fields are', async () => {
  const { A, B } = specification.parameters.environment;
  await runWanted({ environment: { A, B } as Parameters['environment'] });
  expect(await look(expectedStore(desiredOf({ specification })))).toMatchObject([
    { known: true, compared: { deploymentId: 'd1', drift: [] } },
  ]);
});

test('what differs is named field by field, and what was secret is not shown', async () => {
  await runWanted({ environment: { A: { value: 'zzz', secret: true, written: '${A}' } }, nanoCpus: 2e9 });
  const own = await look(expectedStore(desiredOf({ specification })));
  expect(own[0]?.compared?.drift).toEqual([
    { field: 'cpus', wanted: null, found: '2' },
    { field: 'environment.A', wanted: '(changed, not shown)', found: '(changed, not shown)' },
    { field: 'environment.B', wanted: 'x', found: null },
  ]);
  expect(JSON.stringify(own)).not.toContain('zzz');
});

test('without anything desired nothing is compared, and a deployment that nobody knows is noted', async () => {
  await runOwn(host);
  expect(await look(expectedStore())).toMatchObject([{ known: false, compared: null }]);
});

test('the restart policy is no drift while a deployment of the service runs there', async () => {
  await runWanted({ restart: { name: 'no', maxRetries: 0 } });
  const store = expectedStore(desiredOf({ specification }));
  const restart = [{ field: 'restart', wanted: 'always', found: 'no' }];
  expect((await look(store))[0]?.compared?.drift).toEqual(restart);
  const running = { service: 'java-service-1', environment: 'production', status: 'running' } as const;
  const unfinished = async () => [running];
  expect((await look({ deployments: { ...store.deployments, unfinished } }))[0]?.compared?.drift).toEqual([]);
});

test('a deployment that was forgotten with time is known by what is desired since, and a newer one is not', async () => {
  await runOwn(host, { deployment: 'old' });
  const createdAt = [...host.all.values()][0]?.createdAt ?? 0;
  expect(await look(expectedStore(desiredOf({ since: createdAt })))).toMatchObject([{ known: true }]);
  expect(await look(expectedStore(desiredOf({ since: createdAt - 1 })))).toMatchObject([{ known: false }]);
});
