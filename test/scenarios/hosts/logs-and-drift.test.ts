/** What a service writes, and how it differs from what is desired, on an engine of its own. */
import { containerName, type ContainerIdentity } from '../../../src/container-labels.js';
import { createEvents } from '../../../src/events.js';
import type { Host } from '../../../src/hosts/contract.js';
import type { Parameters } from '../../../src/model/parameters.js';
import { createServiceLogs } from '../../../src/operations/service-logs.js';
import { createExpected } from '../../../src/pipeline/observe/expected.js';
import { lookAtHost } from '../../../src/pipeline/observe/look-at-host.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { Secret } from '../../../src/secret.js';
import { until } from '../../support/api-client.js';
import { desiredOf, expectedStore, keptSpecification } from '../../support/desired.js';
import { realClock } from '../../support/engine.js';
import { hostImage, startHostEngines, type HostEngines } from '../../support/host-engines.js';
import { environmentOf, hostSettings, identityOf, testLabels } from '../../support/own-containers.js';
import { plainParameters } from '../../support/random-parameters.js';

let engines: HostEngines;
let host: Host;
beforeAll(async () => {
  engines = await startHostEngines(1);
  const [engine] = engines.engines;
  if (engine === undefined) throw new Error('There is no engine.');
  ({ host } = engine);
}, 60_000);
afterAll(() => engines?.close(), 60_000);

const speaks = (text: string): readonly string[] => ['sh', '-c', `echo ${text}; while true; do sleep 0.1; done`];
const parametersOf = (command: readonly string[]): Parameters => ({
  ...plainParameters,
  command,
  environment: { PASSWORD: { value: 'pa55word', secret: true, written: '${PASSWORD}' } },
});

async function run(changes: Partial<ContainerIdentity>, parameters: Parameters): Promise<string> {
  const identity = identityOf(changes);
  const { id } = await host.containers.create({
    ...{ name: containerName(identity), labels: testLabels.of(identity), image: hostImage, parameters },
    ...{ publish: null, restart: parameters.restart, takeOver: [] },
  });
  await host.controls.start(id);
  return id;
}

async function remove(id: string): Promise<void> {
  await host.controls.stop(id, 0);
  await host.containers.remove(id);
}

test('a log is followed over a replacement, and masked', async () => {
  const events = createEvents();
  const observations = createObservations(realClock, events);
  const look = async () =>
    observations.note('production', 'a', {
      seen: await lookAtHost(host, 'production', { labels: testLabels, expected: null }),
    });
  const environment = {
    ...environmentOf([hostSettings('a')]),
    variables: new Secret(new Map([['PASSWORD', { value: 'pa55word', secret: true }]])),
  };
  const stop = new AbortController();
  const logs = createServiceLogs({
    hosts: { find: async () => host },
    ...{ observations, events, clock: realClock },
    services: () => new Map(),
    environments: () => new Map([['production', environment]]),
    store: { deployments: { desired: async () => null, specification: async () => null } },
  });
  const old = await run({}, parametersOf(speaks('one $PASSWORD')));
  await look();
  const lines: string[] = [];
  const call = { environment, service: 'java-service-1', host: 'a', tail: 10, follow: true };
  const going = logs.open(call, stop.signal).then(async (found) => {
    for await (const line of found) lines.push(line);
  });
  await until('the first line', async () => lines.includes('a | one ***\n'));
  await host.controls.stop(old, 0);
  const next = await run({ deployment: 'd2', release: 2 }, parametersOf(speaks('two')));
  await until('the second line', async () => {
    await look();
    return lines.includes('a | two\n');
  });
  stop.abort();
  await going;
  expect(lines.filter((line) => line.startsWith('a | one'))).toHaveLength(1);
  for (const id of [old, next]) await remove(id);
}, 60_000);

test('the release that is desired is no drift; another restart policy is', async () => {
  const parameters = parametersOf(speaks('one'));
  const specification = keptSpecification({ image: hostImage, parameters });
  const look = async () => {
    const expected = await createExpected(expectedStore(desiredOf({ specification })))('production');
    const { own } = await lookAtHost(host, 'production', { labels: testLabels, expected });
    return own[0]?.compared?.drift.filter(({ field }) => field !== 'image');
  };
  const id = await run({}, parameters);
  expect(await look()).toEqual([]);
  await host.controls.setRestart(id, { name: 'no', maxRetries: 0 });
  expect(await look()).toEqual([{ field: 'restart', wanted: 'always', found: 'no' }]);
  await remove(id);
}, 60_000);
