/** A Slipway that is killed in the middle of a deployment, and the next one, which takes it up: real processes, engines, registry and git. */
import fc from 'fast-check';
import { until } from '../../support/api-client.js';
import { onCall } from '../../support/host-proxy.js';
import { ask, crashing, dockerfile, runFile, runningOn } from '../../support/hosts-stage.js';
import { deathsOf, moments, MortalStage, type Death } from '../../support/mortal-stage.js';
import type { Ticket } from '../../support/tickets.js';

/** Deployments in one run. Each dies twice. `DEPLOY_DEATHS=all` walks through every death instead, one for each deployment. */
const deployments = process.env['DEPLOY_DEATHS'] ?? '6';
/** `DEPLOY_SEED` repeats a run. */
const seed = Number(process.env['DEPLOY_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

/** A deployment, by the way that it takes. */
interface Way {
  readonly goesBack: boolean;
  readonly deaths: readonly Death[];
}

let stage: MortalStage;
let good: readonly number[];
let bad: number;
/** The release that runs. */
let present: number;

beforeAll(async () => {
  // With nothing kept, each deployment makes, names, removes and forgets all that it needs.
  stage = await MortalStage.open({ keep: 0, timeouts: { reach: '4s', pull: '20s', start: '2s', settle: '100ms' } });
  const one = await stage.release('one', { 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  bad = await stage.release('bad', { 'docker/compose.yaml': runFile('bad', crashing) });
  present = await stage.release('two', { 'docker/compose.yaml': runFile('two') });
  good = [one, present];
}, 180_000);

afterAll(() => stage?.close(), 60_000);

/** What the next deployment is of. */
const wantedBy = ({ goesBack }: Pick<Way, 'goesBack'>): number =>
  goesBack ? bad : (good.find((one) => one !== present) ?? 0);

/** Runs a deployment to its end, by as many servers as it takes. Resolves with the number of changes until then. */
async function run({ goesBack, deaths }: Way): Promise<number> {
  const wanted = wantedBy({ goesBack });
  const begin = () => stage.tickets.begin({ release: wanted, force: true });
  const { end, changes } = await stage.run({ begin, deaths });
  await expectEnd(end, { goesBack }, wanted);
  return changes;
}

/** All is as if nobody had died. */
async function expectEnd({ status, error }: Ticket, { goesBack }: Pick<Way, 'goesBack'>, wanted: number) {
  expect([status, error?.code]).toEqual(goesBack ? ['rolled-back', 'container-crashed'] : ['succeeded', undefined]);
  if (!goesBack) present = wanted;
  await stage.expectPresent(present);
}

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
  process.stderr.write(`Changes of hosts: ${forward} forward, ${back} there and back\n`);
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
  const [host] = stage.stage.hosts;
  if (host === undefined) throw new Error('There is no host.');
  const wanted = wantedBy({ goesBack: false });
  stage.judge(onCall(/^POST .*\/start/, () => stage.die('before')));
  const id = await stage.tickets.begin({ release: wanted });
  await until('nothing to run there', async () => (await runningOn(host)).length === 0);
  stage.judge(null);
  expect(await ask(host.publish)).toBe('nobody');
  await stage.startAgain();
  await expectEnd(await stage.tickets.ended(id), { goesBack: false }, wanted);
}, 120_000);

test('what runs after all that comes up again with its host, and nothing else', async () => {
  const { hosts } = stage.stage;
  for (const { stop } of hosts) await stop();
  for (const { reboot } of hosts) await reboot();
  for (const host of hosts) await until('it to run again', async () => (await runningOn(host)).length > 0);
  for (const host of hosts) await until('it to answer again', async () => (await ask(host.publish)) !== 'nobody');
  await stage.expectPresent(present);
}, 120_000);
