/**
 * A blue-green deployment behind HAProxy, with two hosts: how long it takes from the call until HAProxy has the idle host active. Beside it what
 * image, start and settle take by themselves on the same host: Docker's client pulls, creates and starts until the first answer, and the settle
 * time passes. Each version is an image that the host does not have yet. Then the same under load, with a rollback: which requests failed.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureBaseImage, registryUser, removePrivateEngine, startPrivateEngine } from '../scripts/parts.mjs';
import { ensureHaproxy } from '../scripts/parts/haproxy.mjs';
import { startPlainHaproxy, type PlainHaproxy } from '../test/support/haproxy.js';
import { keepAsking } from '../test/support/switch-stage.js';
import { DockerClient } from './support/docker-client.js';
import { inTurn, median, rounded, runs, timed } from './support/measure.js';
import { print } from './support/report.js';
import { onStage, type BenchStage } from './support/stage.js';
import { answerAt, askFor, publish, repository, succeeded, type Published } from './support/versions.js';

const names = ['a', 'b'] as const;
type Name = (typeof names)[number];
const addresses: Readonly<Record<Name, string>> = { a: '127.0.10.11', b: '127.0.10.12' };
/** BENCH_SETTLE_MS: what users choose. The default is that of the configuration. */
const SETTLE_MS = Number(process.env['BENCH_SETTLE_MS'] ?? 10_000);
const ASK_MS = 5;
const MAX_SWITCH_MS = 120_000;
const USERS_PER_SECOND = 200;
const DEPLOYMENTS_UNDER_LOAD = 2;

/** On a busy machine a check may take long. One that fails for that reason would take a server out while nobody switches. */
const checks = 'inter 500ms fall 4 rise 1';
const timeouts = { settle: `${SETTLE_MS}ms`, start: '20s', drain: '1s', drainMax: '5s', soak: '500ms' };

interface Hosts {
  readonly sockets: Readonly<Record<Name, string>>;
  readonly clients: Readonly<Record<Name, DockerClient>>;
}

async function openHosts(stage: BenchStage): Promise<Hosts> {
  const login = { host: stage.registry, ...registryUser };
  const open = async (name: Name) => {
    const socket = await startPrivateEngine({ dir: join(stage.dir, name), detached: false });
    await ensureBaseImage(socket, stage.base);
    return { socket, client: new DockerClient(socket, join(stage.dir, `client-${name}`), login) };
  };
  // Each looks for a free network.
  const [a, b] = [await open('a'), await open('b')];
  return { sockets: { a: a.socket, b: b.socket }, clients: { a: a.client, b: b.client } };
}

const production = ({ sockets }: Hosts, haproxy: PlainHaproxy): object => ({
  strategy: 'blue-green',
  hosts: Object.fromEntries(
    names.map((name) => [name, { engine: sockets[name], address: addresses[name], publish: addresses[name] }]),
  ),
  balancer: {
    haproxy: {
      ...{ sockets: [haproxy.socket], stateFile: haproxy.stateFile, backend: 'bk_{service}' },
      servers: { a: 'web-a', b: 'web-b' },
    },
    address: `http://127.0.0.1:${haproxy.port}`,
  },
  timeouts,
  defaults: { memory: '64MiB' },
});

/** HAProxy may close a connection that comes while it is busy. */
async function statesOf(haproxy: PlainHaproxy): Promise<string> {
  for (;;) {
    const state = await haproxy.ask('show servers state bk_shop').catch(() => null);
    if (state !== null) return state;
    await pause(ASK_MS);
  }
}

/** Whether HAProxy has the host active, by its administrative state. Bit 4 says how its configuration begins. */
async function isActive(name: Name, haproxy: PlainHaproxy): Promise<boolean> {
  const state = await statesOf(haproxy);
  const words =
    state
      .split('\n')
      .find((line) => line.includes(` web-${name} `))
      ?.split(' ') ?? [];
  return (Number(words[6]) & ~4) === 0;
}

const idleOf = async (haproxy: PlainHaproxy): Promise<Name> => ((await isActive('a', haproxy)) ? 'b' : 'a');

/** Milliseconds from the call until the idle host is active. Resolves with them once the deployment has ended. */
async function switched(published: Published, slipway: Parameters<typeof askFor>[1], haproxy: PlainHaproxy) {
  const idle = await idleOf(haproxy);
  const began = performance.now();
  const asked = await askFor(published, slipway);
  while (!(await isActive(idle, haproxy))) {
    if (performance.now() - began > MAX_SWITCH_MS) throw new Error('no switch came');
    await pause(ASK_MS);
  }
  const ms = performance.now() - began;
  return { ms, idle, deployment: await succeeded(asked, slipway) };
}

/** Milliseconds by what they went to. */
type Parts = ReadonlyMap<string, number>;

/** The same on another port of the host, by hand: image, start and settle alone. How long the container then takes to stop counts for nobody. */
async function alone({ image, version }: Published, name: Name, { clients }: Hosts) {
  const [client, address] = [clients[name], addresses[name]];
  const pull = await timed(() => client.script([`docker pull -q ${image}`]));
  const start = await timed(async () => {
    await client.script([`docker run -d --name peer --init -p ${address}:8081:8080 ${image}`]);
    while ((await answerAt(`http://${address}:8081/version`)) !== version) await pause(ASK_MS);
  });
  const settle = await timed(() => pause(SETTLE_MS));
  const stop = await timed(() => client.script(['docker stop peer']));
  await client.script(['docker rm -f peer']);
  const parts: Parts = new Map(Object.entries({ pull, start, settle, stop }));
  return { ms: pull + start + settle, parts };
}

/** What passed between the call and the switch: each step, without those inside of it, and what lies between them. */
function partsOf({ idle, deployment }: Awaited<ReturnType<typeof switched>>): Parts {
  const times = new Map<string, number>();
  const began = Date.parse(deployment.startedAt ?? '');
  times.set('until it begins', began - Date.parse(deployment.createdAt));
  let until = began;
  let last = 'its beginning';
  const creating = deployment.steps.filter(({ name }) => name.startsWith('create a container'));
  const prepared = Math.max(...creating.map(({ finishedAt }) => Date.parse(finishedAt ?? '')));
  for (const { name, host, startedAt, finishedAt } of deployment.steps) {
    if (host !== idle) continue;
    const [from, to] = [Date.parse(startedAt), Date.parse(finishedAt ?? '')];
    const word = name.replace(/:.*/, '');
    if (from >= until) {
      const others = word === 'replace' ? Math.max(until, prepared) : until;
      if (others > until) times.set('waiting for the other host to be prepared', others - until);
      times.set(`between ${last} and ${word}`, from - others);
    }
    // A step inside of another one counts for itself alone.
    else times.set(last, (times.get(last) ?? 0) - (to - from));
    times.set(word, to - from);
    if (to > until) [until, last] = [to, word];
    if (word === 'enable at the balancer') break;
  }
  return times;
}

const medians = (all: readonly Parts[]): object =>
  Object.fromEntries(
    [...new Set(all.flatMap((one) => [...one.keys()]))].map((what) => [
      what,
      rounded(median(all.flatMap((one) => one.get(what) ?? []))),
    ]),
  );

await onStage(async (stage) => {
  process.env['TEST_HAPROXY'] = ensureHaproxy((line) => process.stderr.write(`${line}\n`));
  const servers = names.map((name) => ({
    ...{ name: `web-${name}`, at: `${addresses[name]}:8080`, disabled: name === 'b' },
  }));
  const haproxy = await startPlainHaproxy(servers, { backend: 'bk_shop', check: '/version', checks });
  try {
    const hosts = await openHosts(stage);
    const repo = await stage.repo(repository);
    const slipway = await stage.slipway({
      services: { shop: { repository, version: { value: '1.0' }, deploy: { environments: ['production'] } } },
      config: { environments: { production: production(hosts, haproxy) } },
    });
    let number = 0;
    const next = () => publish({ stage, repo, slipway }, (number += 1));
    const parts: Record<'slipway' | 'engine', Parts[]> = { slipway: [], engine: [] };
    const { slipway: ours, engine } = await inTurn({
      slipway: async (run) => {
        const done = await switched(await next(), slipway, haproxy);
        if (run > 0) parts.slipway.push(partsOf(done));
        return done.ms;
      },
      engine: async (run) => {
        const done = await alone(await next(), await idleOf(haproxy), hosts);
        if (run > 0) parts.engine.push(done.parts);
        return done.ms;
      },
    });

    const load = keepAsking(`http://127.0.0.1:${haproxy.port}/version`, USERS_PER_SECOND, Infinity);
    for (let one = 0; one < DEPLOYMENTS_UNDER_LOAD; one += 1) await switched(await next(), slipway, haproxy);
    await succeeded(await slipway.post('/api/v1/environments/production/services/shop/rollback', {}), slipway);
    const { asked, failed, words } = await load.end();

    const ratio = rounded(ours.median / engine.median);
    const peer = { name: 'docker pull; run; settle', figures: engine };
    const what = `${DEPLOYMENTS_UNDER_LOAD} deployments and a rollback at ${USERS_PER_SECOND} requests/s: failed of ${asked}`;
    print(
      {
        bench: 'switch',
        rows: [
          {
            name: 'from the call until the idle host is active',
            ...{ unit: 'ms', slipway: ours, peer, ratio, goal: '≤ 1.2 ×', met: ratio <= 1.2 },
          },
          { name: what, unit: 'requests', slipway: failed.length, goal: '0', met: failed.length === 0 },
        ],
        more: {
          runs,
          settle: SETTLE_MS,
          slipway: medians(parts.slipway),
          engine: medians(parts.engine),
          failed,
          words: [...words],
        },
      },
      ['engine', 'docker', 'registry'],
    );
  } finally {
    await haproxy.close();
    for (const name of names) await removePrivateEngine(join(stage.dir, name));
  }
});
