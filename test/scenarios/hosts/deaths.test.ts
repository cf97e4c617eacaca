/** A Slipway that is killed in the middle of a deployment, and the next one, which takes it up: real processes, engines, registry and git. */
import fc from 'fast-check';
import { until } from '../../support/api-client.js';
import { ChildSlipway } from '../../support/child-slipway.js';
import { isChange, onCall, type Fate, type Judge } from '../../support/host-proxy.js';
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
} from '../../support/hosts-stage.js';
import { Tickets } from '../../support/tickets.js';

/** Deployments in one run. Each dies twice. `DEPLOY_DEATHS=all` walks through every death instead, one for each deployment. */
const deployments = process.env['DEPLOY_DEATHS'] ?? '6';
/** `DEPLOY_SEED` repeats a run. */
const seed = Number(process.env['DEPLOY_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

/** Before the engine hears of a call, with the call on its way, or when it is done and the answer has not come yet. */
const moments = ['before', 'sent', 'done'] as const;

interface Death {
  /** The change of a host, from 1 on: of all, or of those after the death before. */
  readonly at: number;
  readonly moment: (typeof moments)[number];
}

/** A deployment, by the way that it takes. */
interface Way {
  readonly goesBack: boolean;
  readonly deaths: readonly Death[];
}

let stage: HostsStage;
let child: ChildSlipway;
let tickets: Tickets;
/** What releases say. */
const words = new Map<number, string>();
let good: readonly number[];
let bad: number;
/** The release that runs. */
let present: number;

beforeAll(async () => {
  stage = await openHostsStage({
    starts: false,
    // With nothing kept, each deployment makes, names, removes and forgets all that it needs.
    environments: () => ({
      production: { keep: 0, timeouts: { reach: '4s', pull: '20s', start: '2s', settle: '100ms' } },
    }),
  });
  child = new ChildSlipway(stage.slipway.configFile);
  await child.ready();
  tickets = new Tickets(() => child);
  const one = await release('one', { 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  bad = await release('bad', { 'docker/compose.yaml': runFile('bad', crashing) });
  present = await release('two', { 'docker/compose.yaml': runFile('two') });
  good = [one, present];
}, 180_000);

afterAll(async () => {
  await child?.kill();
  await stage?.close();
}, 60_000);

/** Makes a release that says a word, and deploys it. */
async function release(word: string, files: Record<string, string>): Promise<number> {
  const repo = await stage.git.repo(repository);
  await child.push(repository, 'main', { after: await repo.commit({ files }) });
  const { number } = (await tickets.deploy()).release;
  words.set(number, word);
  return number;
}

const judge = (one: Judge | null): void => stage.hosts.forEach(({ proxy }) => proxy.judge(one));

async function die(moment: Death['moment']): Promise<Fate> {
  if (moment === 'done') return { lose: () => child.kill() };
  if (moment === 'sent') return { sent: () => child.kill() };
  await child.kill();
  return 'drop';
}

/** What the next deployment is of. */
const wantedBy = ({ goesBack }: Pick<Way, 'goesBack'>): number =>
  goesBack ? bad : (good.find((one) => one !== present) ?? 0);

/** Runs a deployment to its end, by as many servers as it takes. Resolves with the number of changes until then. */
async function run({ goesBack, deaths }: Way): Promise<number> {
  const wanted = wantedBy({ goesBack });
  const left = [...deaths];
  let [changes, last] = [0, 0];
  let isDying = false;
  judge(async (request) => {
    if (!isChange(request)) return 'pass';
    changes += 1;
    const [next] = left;
    if (next === undefined || changes - last !== next.at) return 'pass';
    left.shift();
    last = changes;
    isDying = true;
    return die(next.moment);
  });
  const id = await tickets.begin({ release: wanted, force: true });
  for (;;) {
    const ended = await tickets.ended(id).catch((error: unknown) => {
      if (!isDying) throw error;
      return null;
    });
    if (ended !== null) break;
    isDying = false;
    await startAgain(() => isDying);
  }
  judge(null);
  await expectEnd(id, { goesBack }, wanted);
  return changes;
}

/** The next process; it may be killed before it is ready. */
async function startAgain(isDying: () => boolean = () => false): Promise<void> {
  await child.kill();
  child = new ChildSlipway(stage.slipway.configFile);
  await child.ready().catch((error: unknown) => {
    if (!isDying()) throw error;
  });
}

/** All is as if nobody had died. */
async function expectEnd(id: string, { goesBack }: Pick<Way, 'goesBack'>, wanted: number): Promise<void> {
  const { status, error } = await tickets.ended(id);
  expect([status, error?.code]).toEqual(goesBack ? ['rolled-back', 'container-crashed'] : ['succeeded', undefined]);
  if (!goesBack) present = wanted;
  await expectPresent();
}

/** One release runs on each host, and comes up again with it; what is retired does not. */
async function expectPresent(): Promise<void> {
  for (const host of stage.hosts) {
    const found = await containersOn(host);
    expect(found.filter((one) => !one.endsWith(' no'))).toEqual([`${present} always`]);
    expect(await ask(host.publish)).toBe(words.get(present));
  }
  expect((await tickets.shown()).desired?.release).toBe(present);
}

const deathsOf = (changes: number): readonly Death[] =>
  [...Array(changes).keys()].flatMap((before) => moments.map((moment) => ({ at: before + 1, moment })));

/** Ways with two deaths, whose number of changes is known. What goes back dies on the way back, which is the later half. */
const twice = (goesBack: boolean, changes: number): fc.Arbitrary<Way> =>
  fc
    .integer({ min: goesBack ? Math.ceil(changes / 2) : 1, max: changes })
    .chain((at) => fc.tuple(fc.constant(at), fc.integer({ min: 1, max: Math.max(1, changes - at) })))
    .chain((both) =>
      fc.tuple(...both.map((at) => fc.record({ at: fc.constant(at), moment: fc.constantFrom(...moments) }))),
    )
    .map((deaths) => ({ goesBack, deaths }));

test('wherever it dies, the deployment ends as it would have', async () => {
  process.stderr.write(`Random deaths: DEPLOY_SEED=${seed} DEPLOY_DEATHS=${deployments}\n`);
  const forward = await run({ goesBack: false, deaths: [] });
  const back = await run({ goesBack: true, deaths: [] });
  expect(Math.min(forward, back)).toBeGreaterThanOrEqual(10);
  const every = [
    ...deathsOf(forward).map((death) => ({ goesBack: false, deaths: [death] })),
    ...deathsOf(back).map((death) => ({ goesBack: true, deaths: [death] })),
  ];
  const backwards = Math.ceil(Number(deployments) / 3);
  const some = () => [
    ...fc.sample(twice(false, forward), { numRuns: Number(deployments) - backwards, seed }),
    ...fc.sample(twice(true, back), { numRuns: backwards, seed }),
  ];
  const ways = deployments === 'all' ? every : some();
  for (const way of ways)
    await run(way).catch((cause: unknown) => {
      throw new Error(`DEPLOY_SEED=${seed}: ${JSON.stringify(way)}`, { cause });
    });
}, 1_800_000);

test('between the stop of the old container and the start of the new one, the next server starts it', async () => {
  const [host] = stage.hosts;
  if (host === undefined) throw new Error('There is no host.');
  const wanted = wantedBy({ goesBack: false });
  judge(onCall(/^POST .*\/start/, () => die('before')));
  const id = await tickets.begin({ release: wanted });
  await until('nothing to run there', async () => (await runningOn(host)).length === 0);
  judge(null);
  expect(await ask(host.publish)).toBe('nobody');
  await startAgain();
  await expectEnd(id, { goesBack: false }, wanted);
}, 120_000);

test('what runs after all that comes up again with its host, and nothing else', async () => {
  for (const { stop } of stage.hosts) await stop();
  for (const { reboot } of stage.hosts) await reboot();
  for (const host of stage.hosts) await until('it to run again', async () => (await runningOn(host)).length > 0);
  for (const host of stage.hosts) await until('it to answer again', async () => (await ask(host.publish)) !== 'nobody');
  await expectPresent();
}, 120_000);
