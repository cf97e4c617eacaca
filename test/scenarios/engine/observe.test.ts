/** What runs on a real engine is seen, with what happens to it, and nothing is changed there. */
import { containerName } from '../../../src/container-labels.js';
import { createEvents } from '../../../src/events.js';
import type { Host, NewContainer } from '../../../src/hosts/contract.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { runObserving } from '../../../src/pipeline/observe/observing.js';
import { freePort } from '../../../scripts/parts.mjs';
import { engineHost, never, realClock } from '../../support/engine.js';
import { startEngineProxy } from '../../support/engine-proxy.js';
import { hostAt } from '../../support/host-engines.js';
import { keptLog } from '../../support/kept-log.js';
import { expectedStore } from '../../support/desired.js';
import { environmentOf, hostSettings, identityOf, testLabels } from '../../support/own-containers.js';
import { publishImage, type PublishedImage } from '../../support/published-image.js';
import { plainParameters } from '../../support/random-parameters.js';
import { until } from '../../support/slipway.js';

const service = `slipway-observe-${process.pid}`;
const one = identityOf({ service });
const two = identityOf({ service, release: 2, deployment: 'd2' });
// Its labels are those of a container of ours, with the seal.
const labelLines = Object.entries(testLabels.of(identityOf({ service, deployment: 'd3' }))).map(
  ([name, value]) => `LABEL ${name}=${value}`,
);

let image: PublishedImage;
let host: Host;
let proxy: Awaited<ReturnType<typeof startEngineProxy>>;
const made: string[] = [];

beforeAll(async () => {
  image = await publishImage(labelLines);
  proxy = await startEngineProxy(engineHost(), 'unix');
  host = hostAt(engineHost());
  await host.images.pull(image.reference, image.credentials, never);
}, 60_000);
afterAll(async () => {
  for (const id of made) {
    await host.controls.stop(id, 0);
    await host.containers.remove(id);
  }
  await image?.remove();
  await proxy?.close();
});

async function run(container: Partial<NewContainer>, port: number | null = null): Promise<string> {
  const ports =
    port === null ? [] : [{ hostIp: '127.0.0.1', hostPort: port, containerPort: 80, protocol: 'tcp' as const }];
  const { id } = await host.containers.create({
    name: `${service}-other`,
    image: image.reference,
    labels: {},
    parameters: { ...plainParameters, ports, command: ['sh', '-c', 'while true; do sleep 0.1; done'] },
    publish: null,
    restart: { name: 'no', maxRetries: 0 },
    takeOver: [],
    ...container,
  });
  made.push(id);
  await host.controls.start(id);
  return id;
}

test('containers come, are replaced, and go on while the host is away', async () => {
  const [events, stopping, log] = [createEvents(), new AbortController(), keptLog()];
  const observations = createObservations(realClock, events);
  const watched = hostAt(proxy.host);
  const running = runObserving(
    {
      hosts: { find: async () => watched, closeGone: async () => undefined, close: async () => undefined },
      environments: () => new Map([['production', environmentOf([hostSettings('a')])]]),
      ...{ labels: testLabels, observations, clock: realClock, log, events, store: expectedStore() },
    },
    stopping.signal,
  );
  const seen = () => observations.of('production', 'a');
  const own = () => seen()?.seen?.own.map(({ release, state }) => `${release} ${state.status}`) ?? [];
  const sees = (...wanted: string[]) =>
    until(`see ${wanted.join(', ')}`, async () => JSON.stringify(own()) === JSON.stringify(wanted));
  try {
    const id = await run({ name: containerName(one), labels: testLabels.of(one) });
    await sees('1 running');
    expect(seen()?.seen?.own).toMatchObject([{ ...one, id, digests: [image.reference] }]);
    const port = await freePort();
    await run({}, port);
    await host.controls.stop(id, 0);
    await run({ name: containerName(two), labels: testLabels.of(two) });
    await sees('1 exited', '2 running');
    // Made from an image that brings our labels, so it has them, and is not ours.
    expect(seen()?.seen?.foreign.filter(({ name }) => name.startsWith(service))).toMatchObject([
      { name: `${service}-other`, claimsOurs: true, ports: [{ hostPort: port }] },
    ]);
    await proxy.cut();
    await until('away', async () => seen()?.reachable === false);
    expect(own()).toEqual(['1 exited', '2 running']);
    await proxy.restore();
    await until('back', async () => seen()?.reachable === true);
    expect(own()).toEqual(['1 exited', '2 running']);
  } finally {
    stopping.abort();
    await running;
    await watched.close();
  }
}, 60_000);
