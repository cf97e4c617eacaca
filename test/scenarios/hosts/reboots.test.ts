/** A machine that is restarted at each step of a deployment to it. */
import { onCall } from '../../support/host-proxy.js';
import {
  ask,
  containersOn,
  dockerfile,
  openHostsStage,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { until } from '../../support/slipway.js';

let stage: HostsStage;
let host: StageHost;
const words = ['one', 'two'] as const;

beforeAll(async () => {
  const timeouts = { reach: '20s', pull: '20s', start: '6s', settle: '200ms' };
  stage = await openHostsStage({ hosts: 1, environments: () => ({ production: { keep: 0, timeouts } }) });
  [host] = stage.hosts as [StageHost];
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile(words[0]) });
  expect(await stage.tickets.deploy()).toMatchObject({ status: 'succeeded', error: null });
  await stage.say(words[1]);
}, 180_000);

afterAll(() => stage?.close(), 60_000);

const isPresent = async (word: string): Promise<void> => {
  await until('it to answer', async () => (await ask(host.publish)) === word);
  const release = words.findIndex((one) => one === word) + 1;
  expect(await runningOn(host)).toEqual([`${release} always`]);
  expect((await containersOn(host)).filter((one) => !one.endsWith(' no'))).toEqual([`${release} always`]);
};

let present = 1;
test.each([
  ['the new container is made', /^POST \/containers\/create/, 1],
  ['the old one is stopped', /^POST .*\/stop/, 1],
  ['the new one is started', /^POST .*\/start/, 1],
  ['the new one has its policy', /^POST .*\/update/, 1],
  ['the old one has lost its own', /^POST .*\/update/, 2],
  ['the old one is removed', /^DELETE \/containers/, 1],
])(
  'after %s',
  async (_, call, nth) => {
    const wanted = present === 1 ? 2 : 1;
    let reboots = 0;
    host.proxy.judge(
      onCall(
        call,
        () => ({
          async lose() {
            reboots += 1;
            await host.reboot();
          },
        }),
        nth,
      ),
    );
    const ended = await stage.tickets.deploy({ release: wanted });
    expect([reboots, ended.status, ended.error]).toEqual([1, 'succeeded', null]);
    present = wanted;
    await isPresent(words[wanted - 1] ?? '');
  },
  60_000,
);

test('while the new one is verified, between two questions', async () => {
  const wanted = present === 1 ? 2 : 1;
  let reboots = 0;
  host.proxy.judge(async (request) => {
    const isQuestion = /^GET \/containers\/[0-9a-f]{64}\/json/.test(request);
    if (reboots > 0 || !isQuestion || !(await runningOn(host)).includes(`${wanted} no`)) return 'pass';
    // Another question may have been first.
    if (reboots > 0) return 'pass';
    reboots += 1;
    await host.reboot();
    return 'pass' as const;
  });
  const { status, error } = await stage.tickets.deploy({ release: wanted });
  expect([reboots, status, error]).toEqual([1, 'succeeded', null]);
  present = wanted;
  await isPresent(words[wanted - 1] ?? '');
}, 60_000);

test('and in the end what is verified comes up by itself, and what was retired stays down', async () => {
  host.proxy.judge(null);
  await host.reboot();
  await isPresent(words[present - 1] ?? '');
}, 60_000);
