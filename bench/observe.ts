/** What runs where: 20 hosts with 50 containers each, in memory. A look at all hosts, and the answer of the API from what was seen. */
import { rm } from 'node:fs/promises';
import { containerName } from '../src/container-labels.js';
import { createPending } from '../src/operations/pending.js';
import { createEvents } from '../src/events.js';
import type { Service } from '../src/model/service.js';
import { createExpected } from '../src/pipeline/observe/expected.js';
import { lookAtHost } from '../src/pipeline/observe/look-at-host.js';
import { createObservations } from '../src/pipeline/observe/observations.js';
import { keptSpecification } from '../src/specification/kept-specification.js';
import { specify } from '../src/specification/specify.js';
import { systemClock } from '../src/system-clock.js';
import { deployed, newDeployment, run as deploy } from '../test/contracts/store-deployment-samples.js';
import { asReader, begin, endWell, must, openTestApp, queueBuild, service } from '../test/support/app.js';
import { createFakeHost } from '../test/support/fake-host.js';
import { keptRunFile } from '../test/support/effective.js';
import { deploySettings, environmentOf, hostSettings, identityOf, testLabels } from '../test/support/own-containers.js';
import { inlineReading } from '../test/support/reading.js';
import { figures, runs, timed, type Figures } from './support/measure.js';
import { print } from './support/report.js';

const HOSTS = 20;
const SERVICES = 50;
const digest = `sha256:${'a'.repeat(64)}`;
const text = `services:
  web:
    ports: ["8080"]
    environment: { DB_HOST: db1, DB_NAME: orders, JAVA_OPTS: -Xmx4g, LOG_LEVEL: info }
    volumes: [data:/data]
    mem_limit: 6g
    labels: { team: orders }
    healthcheck: { test: [CMD, /check], interval: 10s }
volumes: { data: {} }
`;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const names = range(SERVICES).map((at) => `java-service-${at}`);
const environment = environmentOf(range(HOSTS).map((at) => hostSettings(`h${at}`)));
const services = new Map<string, Service>(
  names.map((name) => [name, service({ name, image: name, deploy: deploySettings() })]),
);
const observations = createObservations(systemClock, createEvents());
const hosts = range(HOSTS).map((at) => createFakeHost({ name: `h${at}` }));

const server = await openTestApp({
  environments: () => new Map([['production', environment]]),
  services: () => services,
  observations,
  pending: { of: (desired) => pending.of(desired), counts: () => pending.counts() },
});
const { store } = server;
const specifying = { store, reading: inlineReading, registryHost: 'registry.test' };
const pending = createPending({
  ...specifying,
  services: () => services,
  environments: () => new Map([['production', environment]]),
});

/** Deploys a release of the service to each host. */
async function runEverywhere(name: string, number: number): Promise<void> {
  await queueBuild(store, { service: name, forced: true });
  await endWell(store, await begin(store), digest, ['1.0.0-1-aaaaaaa'], keptRunFile(text.replace('web:', `${name}:`)));
  const release = must(await store.releases.get(name, 1));
  const { specification, faults } = await specify({ release, environment, deploy: deploySettings() }, specifying);
  if (specification === null) throw new Error(faults[0]?.message);
  const kept = keptSpecification(specification, environment);
  const identity = identityOf({ service: name, deployment: `d${number}` });
  await deploy(
    store,
    newDeployment(1, {
      ...{ id: identity.deployment, service: name, specification: kept },
      release: deployed(1, { digest, tag: '1.0.0-1-aaaaaaa' }),
    }),
  );
  for (const host of hosts) {
    host.offer(kept.image);
    await host.images.pull(kept.image, null, new AbortController().signal);
    const { id } = await host.containers.create({
      ...{ name: containerName(identity), labels: testLabels.of(identity), image: kept.image },
      ...{ parameters: kept.parameters, publish: null, restart: kept.parameters.restart, takeOver: [] },
    });
    await host.controls.start(id);
  }
}

const expected = createExpected(store);
/** As the watches do: each host with what is desired at that moment. */
const sweep = () =>
  Promise.all(
    hosts.map(async (host) => {
      const deps = { labels: testLabels, expected: await expected('production') };
      observations.note('production', host.name, { seen: await lookAtHost(host, 'production', deps) });
    }),
  );
const ask = async () => {
  const answer = await server.app.inject({ url: '/api/v1/environments/production', headers: asReader });
  const shown = answer.json() as { services: { hosts: { state: string; drift: unknown[] }[]; pending: unknown[] }[] };
  const right = shown.services.every(
    (one) => one.pending.length === 0 && one.hosts.every((host) => host.state === 'running' && host.drift.length === 0),
  );
  if (!right || shown.services.length !== SERVICES) throw new Error('the answer is not right');
};

async function measure(work: () => Promise<unknown>): Promise<Figures> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const time = await timed(work);
    if (run > 0) times.push(time);
  }
  return figures(times);
}

for (const [at, name] of names.entries()) await runEverywhere(name, at);
const swept = await measure(sweep);
const asked = await measure(ask);
print(
  {
    bench: 'observe',
    rows: [
      { name: 'a look at all hosts', unit: 'ms', slipway: swept, goal: '≤ 2,000 ms', met: swept.median <= 2000 },
      {
        name: '`GET /api/v1/environments/:environment`',
        unit: 'ms',
        slipway: asked,
        goal: '≤ 50 ms',
        met: asked.median <= 50,
      },
    ],
  },
  [],
);
await server.close();
await rm(server.temp.dataDir, { recursive: true, force: true });
