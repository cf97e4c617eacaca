/** What users see when something breaks in the middle of a switch. One story: each test goes on from the last. */
import { until } from '../../support/api-client.js';
import { onCall } from '../../support/host-proxy.js';
import { ask, containersOn, dockerfile, runFile, runningOn, type StageHost } from '../../support/hosts-stage.js';
import {
  keepAsking,
  openSwitchStage,
  switchTimeouts,
  usersPerSecond,
  type Answers,
  type SwitchStage,
} from '../../support/switch-stage.js';
import { idOf, type Ticket } from '../../support/tickets.js';

let opened: SwitchStage;

const script = (name: string, ...lines: readonly string[]): string =>
  `RUN printf '%s\\n' '#!/bin/sh' ${[...lines, 'echo Content-Type: text/plain', 'echo', 'cat /www/word'].map((line) => `'${line}'`).join(' ')} > /www/cgi-bin/${name}`;

/** `/cgi-bin/slow` makes `/came` and answers when `/cgi-bin/go` was asked. */
const slow = [
  'RUN mkdir -p /www/cgi-bin',
  script('slow', 'echo yes > /www/came', 'until [ -e /gone ]; do sleep 0.1; done'),
  script('go', 'touch /gone'),
  'RUN chmod +x /www/cgi-bin/slow /www/cgi-bin/go',
];

beforeAll(async () => {
  opened = await openSwitchStage({ production: { timeouts: { ...switchTimeouts, drainMax: '60s' } } });
  const { stage } = opened;
  await stage.push({ 'docker/Dockerfile': dockerfile(...slow), 'docker/compose.yaml': runFile('one') });
  expect((await stage.tickets.deploy()).status).toBe('succeeded');
}, 180_000);
afterAll(() => opened?.close(), 60_000);
afterEach(() => {
  opened.admin.judge(null);
  for (const { proxy } of opened.stage.hosts) proxy.judge(null);
});

const address = () => `http://127.0.0.1:${opened.haproxy.port}`;

/** Does something while users ask. Resolves with what they got, which is printed as well. */
async function whileAsked<T>(what: string, work: () => Promise<T>): Promise<{ result: T; users: Answers }> {
  const load = keepAsking(`${address()}/word`, usersPerSecond(50));
  try {
    const result = await work();
    const users = await load.end();
    const { asked, failed, words } = users;
    process.stderr.write(`${what}: ${asked} asked, ${failed.length} failed, answers ${[...words].join(', ')}\n`);
    return { result, users };
  } finally {
    await load.end();
  }
}

/** The host that gets requests, and the other one. */
async function sides(): Promise<{ active: StageHost; idle: StageHost }> {
  const names = await opened.active();
  const [active, ...others] = opened.stage.hosts.filter(({ name }) => names.includes(name));
  const idle = opened.stage.hosts.find((host) => host !== active);
  if (active === undefined || idle === undefined || others.length > 0) throw new Error(`active: ${names.join()}`);
  return { active, idle };
}

/** Lets something happen right before a server is drained for the first time. */
const atDrain = (happens: () => Promise<unknown>) =>
  opened.admin.judge(onCall(/^set .* drain$/, () => happens().then(() => 'pass' as const)));

const ends = ({ status, error }: Ticket) => [status, error?.code ?? null, error?.host ?? null];

test('a request that is longer than `drain` is waited for, with a warning that counts', async () => {
  const { stage } = opened;
  const { active } = await sides();
  const release = await stage.say('two');
  const slowOne = opened.haproxy.get('/cgi-bin/slow');
  await until('it to come', async () => (await ask(active.publish, '/came')) === 'yes');
  const id = await stage.tickets.begin({ release });
  const { result, users } = await whileAsked('long request', async () => {
    const warned = /drain-timeout: b still has 1 sessions after 0.5 seconds/;
    await until('the warning', async () => warned.test((await stage.tickets.get(id)).warnings.join('\n')));
    expect(await runningOn(active)).toEqual(['1 always']);
    await ask(active.publish, '/cgi-bin/go');
    return stage.tickets.ended(id);
  });
  expect([...ends(result), users.failed]).toEqual(['succeeded', null, null, []]);
  expect([await slowOne, await opened.haproxy.get('/word')]).toEqual(['one\n', 'two\n']);
}, 120_000);

test('an answer of HAProxy that is lost, late or none at all changes nothing', async () => {
  const { stage, admin } = opened;
  const release = await stage.say('three');
  const lost = onCall(/^set .* ready$/, () => ({ lose: async () => undefined }));
  const none = onCall(/^set .* drain$/, () => ({ says: null }));
  const broken = onCall(/^show servers state bk/, () => 'drop' as const, 2);
  admin.judge((line) => (line.endsWith('ready') ? lost(line) : line.endsWith('drain') ? none(line) : broken(line)));
  const { result, users } = await whileAsked('lost answers', () => stage.tickets.deploy({ release }));
  expect([...ends(result), users.failed]).toEqual(['succeeded', null, null, []]);
  expect(await opened.haproxy.get('/word')).toContain('three');
}, 120_000);

test('a server that HAProxy does not have any more ends it, and what ran before has all requests', async () => {
  const { stage, admin } = opened;
  const { active } = await sides();
  const release = await stage.say('four');
  admin.judge(onCall(/^set .* drain$/, () => ({ says: 'No such server.\n\n' })));
  const { result, users } = await whileAsked('No such server', () => stage.tickets.deploy({ release }));
  expect([...ends(result).slice(0, 2), users.failed]).toEqual(['rolled-back', 'balancer-refused', []]);
  expect(result.error?.message).toContain('No such server.');
  expect([await opened.active(), await opened.haproxy.get('/word')]).toEqual([[active.name], 'three\n']);
}, 120_000);

test('a cancel during the switch takes it back', async () => {
  const { stage } = opened;
  const { active } = await sides();
  const id = await stage.tickets.begin({ release: await stage.say('five') });
  atDrain(() => stage.slipway.post(`/api/v1/deployments/${id}/cancel`));
  const { result, users } = await whileAsked('cancel', () => stage.tickets.ended(id));
  expect([...ends(result), users.failed]).toEqual(['rolled-back', null, null, []]);
  expect([await opened.active(), await opened.haproxy.get('/word')]).toEqual([[active.name], 'three\n']);
}, 120_000);

test('a rollback goes before the deployment that runs, to what ran before it', async () => {
  const { stage } = opened;
  await stage.configure({ timeouts: { ...switchTimeouts, soak: '20s' } });
  const id = await stage.tickets.begin({ release: await stage.say('six') });
  const { result, users } = await whileAsked('rollback', async () => {
    await until('the switch', async () => (await opened.haproxy.get('/word')) === 'six\n');
    return stage.tickets.ended(idOf(await stage.tickets.askTo('rollback')));
  });
  await stage.configure({ timeouts: switchTimeouts });
  expect([result.kind, ...ends(result), users.failed]).toEqual(['rollback', 'succeeded', null, null, []]);
  expect(ends(await stage.tickets.get(id))).toEqual(['rolled-back', null, null]);
  expect([result.release.number, await opened.haproxy.get('/word')]).toEqual([3, 'three\n']);
}, 120_000);

test('an idle host that dies before the switch ends it; users and the balancer notice nothing', async () => {
  const { stage } = opened;
  const { active, idle } = await sides();
  const word = await ask(active.publish);
  const desired = (await stage.tickets.shown()).desired?.release ?? 0;
  const release = await stage.say('seven');
  const changes: string[] = [];
  opened.admin.judge((line) => {
    if (line.startsWith('set ')) changes.push(line);
    return 'pass';
  });
  idle.proxy.judge(onCall(/^POST .*\/start/, () => idle.stop().then(() => 'drop' as const)));
  const { result, users } = await whileAsked('idle host dies', () => stage.tickets.deploy({ release }));
  expect([...ends(result), users.failed]).toEqual(['failed', 'host-unreachable', idle.name, []]);
  expect([changes, await opened.active(), [...users.words]]).toEqual([[], [active.name], [word]]);
  idle.proxy.judge(null);
  await idle.reboot();
  await stage.tickets.settled(desired);
  expect(await runningOn(idle)).toEqual([`${desired} always`]);
  expect(await stage.tickets.deploy({ release })).toMatchObject({ status: 'succeeded', error: null });
}, 120_000);

test('an active host that dies during the switch: the other one has taken over, and it follows once it is back', async () => {
  const { stage } = opened;
  const { active, idle } = await sides();
  const release = await stage.say('eight');
  atDrain(() => active.stop());
  const { result, users } = await whileAsked('active host dies', () => stage.tickets.deploy({ release }));
  expect([...ends(result), await opened.active()]).toEqual(['succeeded', null, null, [idle.name]]);
  expect(result.warnings.join('\n')).toMatch(new RegExp(`${active.name}.* tried again later`));
  // Those that it had in hand when it died.
  expect(users.failed.length).toBeLessThan(users.asked / 20);
  await active.reboot();
  await stage.tickets.settled(release);
  expect([await opened.active(), await ask(active.publish)]).toEqual([[idle.name], 'eight']);
  expect((await containersOn(active)).filter((one) => !one.endsWith(' no'))).toEqual([`${release} always`]);
}, 120_000);
