/** Deployments to hosts behind ssh, by a Slipway in a process of its own with the user's own settings of ssh. One story: each test goes on from the last. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/api-client.js';
import { ChildSlipway } from '../../support/child-slipway.js';
import { onCall, type Fate } from '../../support/host-proxy.js';
import {
  ask,
  containersOn,
  crashing,
  dockerfile,
  openHostsStage,
  repository,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { startSshServer, type SshServer } from '../../support/ssh-server.js';
import { Tickets } from '../../support/tickets.js';

let server: SshServer;
let stage: HostsStage;
let slipway: ChildSlipway;
let tickets: Tickets;
let b: StageHost;

beforeAll(async () => {
  server = await startSshServer();
  const way = ({ name, settings }: StageHost) => {
    const engine = settings.engine.replace('unix://', `ssh://root@127.0.0.1:${server.port}`);
    return [name, { ...settings, engine }] as const;
  };
  const timeouts = { reach: '10s', pull: '20s', start: '4s', settle: '200ms' };
  stage = await openHostsStage({
    starts: false,
    environments: (hosts) => ({ production: { hosts: Object.fromEntries(hosts.map(way)), timeouts } }),
  });
  [, b] = stage.hosts as [StageHost, StageHost];
  tickets = new Tickets(() => slipway);
  await start();
}, 120_000);

afterAll(async () => {
  await slipway?.kill();
  const tunnels = await Promise.all(['a', 'b'].map((host) => tunnelOf(host).catch(() => null)));
  for (const pid of tunnels) if (pid !== null) endProcess(pid);
  await stage?.close();
  await server?.close();
}, 60_000);

afterEach(() => {
  for (const { proxy } of stage.hosts) proxy.judge(null);
});

async function start(): Promise<void> {
  slipway = new ChildSlipway(stage.slipway.configFile, server.asClient);
  await slipway.ready();
}

/** Number of the ssh process that leads to a host. */
async function tunnelOf(host: string): Promise<number> {
  const note = join(stage.slipway.folder, 'data', 'tunnels', 'production', `${host}.json`);
  return (JSON.parse(await readFile(note, 'utf8')) as { pid: number }).pid;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Makes a release that says a word, and asks for it. */
async function begin(word: string, files: Record<string, string> = {}): Promise<string> {
  const repo = await stage.git.repo(repository);
  const after = await repo.commit({ files: { 'docker/compose.yaml': runFile(word), ...files } });
  await slipway.push(repository, 'main', { after });
  return tickets.begin({ branch: 'main' });
}

const said = () => Promise.all(stage.hosts.map(({ publish }) => ask(publish)));
const running = () => Promise.all(stage.hosts.map((host) => runningOn(host)));
const succeeded = { status: 'succeeded', error: null };

test('a service comes to hosts behind ssh, a bad release goes back, and a rollback leads to the one before', async () => {
  expect(await tickets.ended(await begin('one', { 'docker/Dockerfile': dockerfile() }))).toMatchObject(succeeded);
  expect(await tickets.ended(await begin('two'))).toMatchObject(succeeded);
  expect(await said()).toEqual(['two', 'two']);
  const bad = await begin('bad', { 'docker/compose.yaml': runFile('bad', crashing) });
  expect(await tickets.ended(bad)).toMatchObject({ status: 'rolled-back', error: { code: 'container-crashed' } });
  expect(await running()).toEqual([['2 always'], ['2 always']]);
  expect(await tickets.act('rollback')).toMatchObject({ status: 'succeeded', release: { number: 1 } });
  expect([await said(), await running()]).toEqual([
    ['one', 'one'],
    [['1 always'], ['1 always']],
  ]);
}, 120_000);

/** Ends the way to the second host at a call: before the engine hears of it, or when it is done and the answer is on its way. */
const breaking = (moment: 'before' | 'after'): (() => Promise<Fate>) => {
  const end = async () => endProcess(await tunnelOf('b'));
  return async () => {
    if (moment === 'after') return { lose: end };
    await end();
    return 'drop';
  };
};

test.each([
  ['four', 'has made the container', 'after', /^POST \/containers\/create/],
  ['five', 'starts it', 'before', /^POST .*\/start/],
  ['six', 'has started it', 'after', /^POST .*\/start/],
] as const)(
  'release %s succeeds although the tunnel breaks when the engine %s',
  async (word, _, moment, call) => {
    const before = await tunnelOf('b');
    b.proxy.judge(onCall(call, breaking(moment)));
    const { release, warnings, ...ended } = await tickets.ended(await begin(word));
    expect(ended).toMatchObject(succeeded);
    expect(warnings.join()).not.toContain('left out');
    expect([await said(), await running()]).toEqual([
      [word, word],
      [[`${release.number} always`], [`${release.number} always`]],
    ]);
    const made = (await containersOn(b)).filter((one) => one.replace('-', '').startsWith(`${release.number} `));
    expect(made).toHaveLength(1);
    expect(await tunnelOf('b')).not.toBe(before);
  },
  60_000,
);

test('a Slipway that is killed leaves tunnels; the next one ends them, and the deployment', async () => {
  const left = await Promise.all([tunnelOf('a'), tunnelOf('b')]);
  let isKilled = false;
  const kill = async (): Promise<Fate> => {
    await slipway.kill();
    isKilled = true;
    return 'drop';
  };
  b.proxy.judge(onCall(/^POST .*\/start/, kill));
  const id = await begin('seven');
  await until('it to be killed', async () => isKilled);
  expect(await said()).toEqual(['seven', 'nobody']);
  await start();
  expect(await tickets.ended(id)).toMatchObject(succeeded);
  expect(await said()).toEqual(['seven', 'seven']);
  const now = await Promise.all([tunnelOf('a'), tunnelOf('b')]);
  expect(now.filter((pid) => left.includes(pid))).toEqual([]);
  await until('the old tunnels to be gone', async () => left.every((pid) => !isTunnel(pid)));
}, 60_000);

/** Whether a process is there. */
function isTunnel(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
