/** A Slipway that is killed in the middle of a switch, and the next one, which takes it up, while users ask: real processes and HAProxy. */
import fc from 'fast-check';
import { until } from '../../support/api-client.js';
import { onCall } from '../../support/host-proxy.js';
import { dockerfile, runFile, runningOn } from '../../support/hosts-stage.js';
import { deathsOf, moments, MortalStage, type Death } from '../../support/mortal-stage.js';
import { keepAsking, openSwitchStage, usersPerSecond, type SwitchStage } from '../../support/switch-stage.js';

/** Deployments that are killed in one run, once each. `DEPLOY_DEATHS=all` walks through every death instead. */
const deployments = process.env['DEPLOY_DEATHS'] ?? '1';
/** `DEPLOY_SEED` repeats a run. */
const seed = Number(process.env['DEPLOY_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

let opened: SwitchStage;
let stage: MortalStage;
let good: readonly number[];
/** The release that runs. */
let present: number;

beforeAll(async () => {
  const timeouts = {
    reach: '20s',
    pull: '20s',
    start: '4s',
    settle: '100ms',
    drain: '300ms',
    drainMax: '2s',
    soak: '300ms',
  };
  // With nothing kept, each deployment makes, names, removes and forgets all that it needs.
  opened = await openSwitchStage({ starts: false, production: { keep: 0, timeouts } });
  stage = await MortalStage.on(opened.stage, opened.admin);
  const one = await stage.release('one', { 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  present = await stage.release('two', { 'docker/compose.yaml': runFile('two') });
  good = [one, present];
}, 180_000);

afterAll(async () => {
  await stage?.close();
  await opened?.close();
}, 60_000);

/** Switches to the other release, by as many servers as it takes, while users ask. Resolves with the number of changes until then. */
async function switchWith(deaths: readonly Death[]): Promise<number> {
  const wanted = good.find((one) => one !== present) ?? 0;
  const load = keepAsking(`http://127.0.0.1:${opened.haproxy.port}/word`, usersPerSecond(50));
  const begin = () => stage.tickets.begin({ release: wanted, force: true });
  const { end, changes, left } = await stage.run({ begin, deaths }).finally(() => stage.judge(null));
  present = wanted;
  const { failed, words } = await load.end();
  expect([end.status, end.error, left, failed]).toEqual(['succeeded', null, 0, []]);
  expect([...words].sort()).toEqual(['one', 'two']);
  await stage.expectPresent(present);
  expect(await opened.active()).toHaveLength(1);
  // What was written down when it died is true, too.
  await opened.haproxy.reload();
  expect(await opened.active()).toHaveLength(1);
  return changes;
}

const some = (changes: number): readonly Death[] =>
  fc.sample(fc.record({ at: fc.integer({ min: 1, max: changes }), moment: fc.constantFrom(...moments) }), {
    numRuns: Number(deployments),
    seed,
  });

test('wherever it dies, nobody notices: one release runs on each host, and one host is active', async () => {
  process.stderr.write(`Random deaths at a switch: DEPLOY_SEED=${seed} DEPLOY_DEATHS=${deployments}\n`);
  const changes = await switchWith([]);
  expect(changes).toBeGreaterThanOrEqual(12);
  process.stderr.write(`Changes of hosts and balancer: ${changes}\n`);
  for (const death of deployments === 'all' ? deathsOf(changes) : some(changes))
    await switchWith([death]).catch((cause: unknown) => {
      throw new Error(`DEPLOY_SEED=${seed}: ${JSON.stringify(death)}`, { cause });
    });
}, 3_600_000);

test('killed during the drain, the next one goes on; users were answered by the new release all the time', async () => {
  const before = await opened.active();
  const wanted = good.find((one) => one !== present) ?? 0;
  const load = keepAsking(`http://127.0.0.1:${opened.haproxy.port}/word`, usersPerSecond(50));
  stage.judge(onCall(/^set .* drain$/, () => stage.die('done')));
  const id = await stage.tickets.begin({ release: wanted, force: true });
  await until('the drain', async () => !(await opened.active()).includes(before[0] ?? ''));
  stage.judge(null);
  const drained = opened.stage.hosts.filter(({ name }) => before.includes(name));
  for (const host of drained) expect(await runningOn(host)).toEqual([`${present} always`]);
  await stage.startAgain();
  const end = await stage.tickets.ended(id);
  const { asked, failed, words } = await load.end();
  process.stderr.write(
    `killed during the drain: ${asked} asked, ${failed.length} failed, answers ${[...words].join(', ')}\n`,
  );
  expect([end.status, end.error, failed, [...words].sort()]).toEqual(['succeeded', null, [], ['one', 'two']]);
  present = wanted;
  await stage.expectPresent(present);
  expect((await opened.active()).filter((name) => before.includes(name))).toEqual([]);
}, 180_000);
