/** What a container gets, and what stays on a host. */
import {
  openHostsStage,
  containersOn,
  ask,
  dockerfile,
  runFile,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';

let stage: HostsStage;
let a: StageHost;

beforeAll(async () => {
  console.time('open');
  stage = await openHostsStage({ hosts: 1 });
  console.timeEnd('open');
  [a] = stage.hosts as [StageHost];
}, 120_000);
afterAll(async () => {
  console.time('close');
  await stage?.close();
  console.timeEnd('close');
  await new Promise((r) => setTimeout(r, 500));
  console.log(
    process.getActiveResourcesInfo(),
    (process as any)
      ._getActiveHandles()
      .map((h: any) => [
        h.constructor.name,
        h.spawnfile,
        h.spawnargs?.join(' ').slice(0, 80),
        h._peername,
        h.remoteAddress,
        h.destroyed,
        h.path,
      ]),
  );
}, 60_000);

test('timing', async () => {
  console.time('push');
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  console.timeEnd('push');
  console.time('deploy');
  const one = await stage.tickets.deploy();
  console.timeEnd('deploy');
  expect(one.error).toBeNull();
  console.time('say');
  const two = await stage.say('two');
  console.timeEnd('say');
  console.time('deploy2');
  const second = await stage.tickets.deploy({ release: two });
  console.timeEnd('deploy2');
  expect(await containersOn(a)).toEqual(['-1 no', '2 always']);
  expect(await ask(a.publish)).toBe('two');
  console.log((await stage.slipway.request('GET', `/api/v1/deployments/${second.id}/log`)).body);
}, 120_000);
