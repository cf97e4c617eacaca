/** A Slipway that is killed in the middle of a deployment, and the next one, which takes it up: real processes, engines, registry and git. */
import fc from 'fast-check';
import { ChildSlipway } from '../../support/child-slipway.js';
import {
  ask,
  containersOn,
  crashing,
  dockerfile,
  openHostsStage,
  runFile,
  type HostsStage,
} from '../../support/hosts-stage.js';
import { isChange, type Fate } from '../../support/host-proxy.js';
import { Tickets } from '../../support/tickets.js';

/** Deaths in one run; `DEPLOY_DEATHS=all` walks through all of them. */
const DEATHS = 15;
const asked = process.env['DEPLOY_DEATHS'] ?? String(DEATHS);
const seed = Number(process.env['DEPLOY_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

/** When the process dies: before the engine hears of a call, with the call on its way, or when it is done and the answer is not there yet. */
const moments = ['before', 'sent', 'done'] as const;
interface Death {
  readonly isGood: boolean;
  /** The call, from 1 on. */
  readonly at: number;
  readonly moment: (typeof moments)[number];
}

let stage: HostsStage;
let child: ChildSlipway;
let tickets: Tickets;
let releases: readonly [number, number];
let bad: number;
/** What runs now. */
let present: number;

/** Which release says which word. */
const words = new Map<number, string>();

beforeAll(async () => {
  stage = await openHostsStage({
    starts: false,
    // With nothing kept each deployment makes, tags, removes and untags everything.
    environments: () => ({ production: { keep: 0, timeouts: { reach: '4s', pull: '20s', start: '2s', settle: '100ms' } } }),
  });
  child = await ChildSlipway.start(stage.slipway.configFile);
  tickets = new Tickets(() => child);
  const repo = await stage.git.repo('abc/shop');
  const release = async (word: string, files: Record<string, string>): Promise<number> => {
    const after = await repo.commit({ files });
    await child.push('abc/shop', 'main', { after });
    const { release: made } = await tickets.deploy({ branch: 'main' });
    words.set(made.number, word);
    return made.number;
  };
  const one = await release('one', { 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  bad = await release('bad', { 'docker/compose.yaml': runFile('bad', crashing) });
  const two = await release('two', { 'docker/compose.yaml': runFile('two') });
  releases = [one, two];
  present = two;
}, 180_000);

afterAll(async () => {
  await child?.kill();
  await stage?.close();
}, 60_000);

/** Judges the calls to all hosts. Resolves with the number of the changes among them once `over`. */
function count(judge: (call: number, request: string) => Fate | Promise<Fate>): { readonly changes: () => number; over(): void } {
  let calls = 0;
  for (const { proxy } of stage.hosts)
    proxy.judge((request) => {
      if (!isChange(request)) return 'pass';
      calls += 1;
      return judge(calls, request);
    });
  return { changes: () => calls, over: () => stage.hosts.forEach(({ proxy }) => proxy.judge(null)) };
}

async function dieAt(moment: Death['moment']): Promise<Fate> {
  if (moment === 'done') return { lose: () => child.kill() };
  await child.kill();
  return moment === 'before' ? 'drop' : 'pass';
}

const next = (isGood: boolean): number => (isGood ? (releases.find((one) => one !== present) ?? 0) : bad);

/** Everything is as if nobody had died. */
async function expectEnd(id: string, wanted: number, isGood: boolean): Promise<void> {
  const ended = await tickets.ended(id);
  expect([ended.status, ended.error?.code]).toEqual(
    isGood ? ['succeeded', undefined] : ['rolled-back', 'container-crashed'],
  );
  if (isGood) present = wanted;
  for (const host of stage.hosts) {
    const found = await containersOn(host);
    expect(found.filter((one) => !one.startsWith('-'))).toEqual([`${present} always`]);
    expect(found.filter((one) => one.startsWith('-') && !one.endsWith(' no'))).toEqual([]);
    expect(await ask(host.publish)).toBe(words.get(present));
  }
  expect((await tickets.shown()).desired?.release).toBe(present);
}

/** Runs a deployment whose server dies at a call. Resolves with the number of calls before the deployment or its server ended. */
async function runWithDeath({ isGood, at, moment }: Death): Promise<number> {
  const wanted = next(isGood);
  let death: Promise<unknown> | null = null;
  const { changes, over } = count(async (call) => {
    if (call !== at) return 'pass';
    const fate = dieAt(moment);
    death = fate;
    return fate;
  });
  const id = await tickets.begin({ release: wanted, force: true });
  const ended = await tickets.ended(id).catch(() => null);
  const calls = changes();
  over();
  if (ended === null) {
    await death;
    await child.kill();
    child = await ChildSlipway.start(stage.slipway.configFile);
  }
  await expectEnd(id, wanted, isGood);
  return calls;
}

test('wherever it dies, the deployment ends as it would have', async () => {
  console.log(`DEPLOY_SEED=${seed}`);
  const [good, back] = [await runWithDeath({ isGood: true, at: 0, moment: 'done' }), await runWithDeath({ isGood: false, at: 0, moment: 'done' })];
  console.log('calls', good, back);
  console.time('all');
  const death = fc.oneof(
    { weight: 2, arbitrary: fc.record({ isGood: fc.constant(true), at: fc.integer({ min: 1, max: good }), moment: fc.constantFrom(...moments) }) },
    { weight: 1, arbitrary: fc.record({ isGood: fc.constant(false), at: fc.integer({ min: 1, max: back }), moment: fc.constantFrom(...moments) }) },
  );
  const walk = asked === 'all' ? moments.flatMap((moment) => [...Array(good).keys()].map((at) => ({ isGood: true, at: at + 1, moment })).concat([...Array(back).keys()].map((at) => ({ isGood: false, at: at + 1, moment })))) : fc.sample(death, { numRuns: Number(asked), seed });
  for (const one of walk) {
    const began = Date.now();
    await runWithDeath(one).catch((error: unknown) => { throw new Error(JSON.stringify(one), { cause: error }); });
    console.log(one, Date.now() - began);
  }
  console.timeEnd('all');
}, 900_000);
