/**
 * What runs where: 20 hosts with 50 containers each, in memory. A look at all hosts, and the answer of the API from what was seen. Then the
 * plans of a new release of 100 services, with as many containers on each host.
 */
import { rm } from 'node:fs/promises';
import { containerName } from '../src/container-labels.js';
import { createDeploying } from '../src/operations/deploy/deploying.js';
import { createHeads } from '../src/operations/heads.js';
import { createPending } from '../src/operations/pending.js';
import { createEvents } from '../src/events.js';
import { createFolderCentral } from '../src/image/packaging/central.js';
import type { Service } from '../src/model/service.js';
import { createExpected } from '../src/pipeline/observe/expected.js';
import { lookAtHost } from '../src/pipeline/observe/look-at-host.js';
import { createObservations } from '../src/pipeline/observe/observations.js';
import { keptSpecification } from '../src/specification/kept-specification.js';
import { createSpecOn } from '../src/specification/spec-text.js';
import { specify } from '../src/specification/specify.js';
import { systemClock } from '../src/system-clock.js';
import { deployed, newDeployment, run as deploy } from '../test/contracts/store-deployment-samples.js';
import { nothing } from '../test/support/deploying.js';
import { createFakes } from '../test/support/fakes.js';
import { keptLog } from '../test/support/kept-log.js';
import { createMemoryGitHost, MemoryRepository } from '../test/support/memory-git.js';
import { asReader, begin, endWell, must, openTestApp, queueBuild, service } from '../test/support/app.js';
import { createFakeHost } from '../test/support/fake-host.js';
import { keptRunFile } from '../test/support/effective.js';
import { deploySettings, environmentOf, hostSettings, identityOf, testLabels } from '../test/support/own-containers.js';
import { inlineReading } from '../test/support/reading.js';
import { figures, runs, timed, type Figures } from './support/measure.js';
import { print } from './support/report.js';

const HOSTS = 20;
const SERVICES = 50;
/** Of which plans are made. */
const PLANNED = 100;
const digest = `sha256:${'a'.repeat(64)}`;
const newer = `sha256:${'b'.repeat(64)}`;
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
const names = range(PLANNED).map((at) => `java-service-${at}`);
const environment = environmentOf(range(HOSTS).map((at) => hostSettings(`h${at}`)));
const services = new Map<string, Service>();
const configure = (some: readonly string[]): void => {
  for (const name of some) services.set(name, service({ name, image: name, deploy: deploySettings() }));
};
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

/** Builds a release of the service. */
async function release(name: string, digest: string, file: string): Promise<void> {
  await queueBuild(store, { service: name, forced: true });
  await endWell(store, await begin(store), digest, ['1.0.0-1-aaaaaaa'], keptRunFile(file.replace('web:', `${name}:`)));
}

/** Deploys a release of the service to each host. */
async function runEverywhere(name: string, number: number): Promise<void> {
  await release(name, digest, text);
  const release1 = must(await store.releases.get(name, 1));
  const { specification, faults } = await specify(
    { release: release1, environment, deploy: deploySettings() },
    specifying,
  );
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

configure(names.slice(0, SERVICES));
for (const [at, name] of names.slice(0, SERVICES).entries()) await runEverywhere(name, at);
const swept = await measure(sweep);
const asked = await measure(ask);

configure(names);
for (const [at, name] of names.slice(SERVICES).entries()) await runEverywhere(name, SERVICES + at);
for (const name of names) await release(name, newer, text.replace('-Xmx4g', '-Xmx5g'));
await sweep();
const repository = new MemoryRepository();
const git = createMemoryGitHost(async () => repository);
const ignored = () => undefined;
const deploying = createDeploying({
  ...{ ...specifying, git, observations, services: () => services },
  ...{ clock: systemClock, events: createEvents(), log: keptLog(), engine: createFakes().engine },
  ...{ environments: () => new Map([['production', environment]]), heads: createHeads({ git }) },
  central: () => createFolderCentral(server.temp.dataDir, true),
  callbackHosts: () => [],
  imageEntrypoint: async () => null,
  report: { decided: ignored, changed: ignored },
  metrics: { decision: ignored, build: ignored, misread: ignored, work: ignored, decided: ignored, logged: ignored },
  specOn: createSpecOn(testLabels),
  random: Math.random,
});
/** All at once, as a page would ask for them. */
const planned = await measure(async () => {
  const plans = await Promise.all(
    names.map((name) =>
      deploying.plan({ service: name, environment: 'production', target: { ...nothing, release: 2 }, force: false }),
    ),
  );
  const hostsOf = plans.flatMap((plan) => plan.hosts);
  if (hostsOf.length !== PLANNED * HOSTS || hostsOf.some(({ action }) => action !== 'replace'))
    throw new Error('the plans are not right');
});
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
      {
        name: 'plans of 100 services',
        unit: 'ms',
        slipway: planned,
        goal: '≤ 1,000 ms',
        met: planned.median <= 1000,
      },
    ],
  },
  [],
);
await server.close();
await rm(server.temp.dataDir, { recursive: true, force: true });
