/** What people are notified of: by webhook, Slack and mail. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { newDeployment, fault, run } from '../../contracts/store-deployment-samples.js';
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';
import { leapClock, type LeapClock } from '../../support/leap-clock.js';
import { scriptedServer, type ScriptedAnswer, type ScriptedServer } from '../../support/scripted-server.js';

const open = useFakeStage();
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const publicUrl = 'https://images.test';
let clock: LeapClock;
let server: ScriptedServer;
let answers: ScriptedAnswer[];
beforeEach(async () => {
  clock = leapClock();
  answers = [];
  server = await scriptedServer(() => answers.shift() ?? { status: 200 });
});
afterEach(() => server.close());

interface Event {
  readonly type: string;
  readonly data: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly url: string;
    readonly count?: number;
  };
}

const events = (): Event[] => server.requests.map(({ body }) => JSON.parse(body) as Event);
const titles = () => events().map(({ data }) => data.title);

const configOf = (notices: object[], more: object = {}) => ({
  server: { listen: '127.0.0.1:0', dataDir: './data', publicUrl },
  notices,
  ...more,
});
const hook = (more: object = {}) => ({ to: `http://${server.host}/hook?key=1`, secret, ...more });
const started = (notices: object[], more: object = {}) => open({ clock, config: configOf(notices, more) });

/** Lets builds of one cause be gathered, and what is then due be sent. */
async function sent(stage: FakeStage, count: number): Promise<void> {
  await stage.slipway.quiet();
  await stage.until('the announcements to be read', async () => {
    const { notices } = stage.slipway.running.store;
    return (await notices.announced(1)).length === 0;
  });
  clock.leap(6_000);
  await stage.until(`${count} messages`, async () => server.requests.length >= count);
}

const ok = { Dockerfile: 'FROM scratch\nCOPY . /\n' };

test('the first failure and the recovery are sent, signed so that a receiver of the standard can check them', async () => {
  const stage = await started([hook()]);
  await stage.push(ok);
  await stage.slipway.quiet();
  stage.fakes.engine.fail('build', 'dockerfile-step-failed', 2, '[2/2] RUN npm ci');
  await stage.push({ a: '1' });
  await sent(stage, 1);
  await stage.push({ a: '2' });
  await stage.slipway.quiet();
  await stage.push({ a: '3' });
  await sent(stage, 2);
  expect(titles()).toEqual(['✕ app failed on main', '✓ app builds again on main']);
  const [first, second] = events();
  expect(first).toMatchObject({
    type: 'build.failed',
    data: { count: 1, url: expect.stringMatching(/^https:\/\/images\.test\/builds\//), builds: [{ status: 'failed' }] },
  });
  expect(first?.data.lines[0]).toBe('[2/2] RUN npm ci: scripted: dockerfile-step-failed (dockerfile)');
  expect(second).toMatchObject({ type: 'build.recovered' });
  const [request] = server.requests;
  const headers = request?.headers as Record<string, string>;
  expect(new Webhook(secret).verify(request?.body ?? '', headers)).toMatchObject({ type: 'build.failed' });
  expect(() =>
    new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`).verify(request?.body ?? '', headers),
  ).toThrow();
});

test('every build is reported if that is wished, and only of the services and branches that are', async () => {
  const stage = await open({
    clock,
    services: {
      app: { repository: 'abc/app', version: { value: '1.0' } },
      'billing-1': { repository: 'abc/app', version: { value: '1.0' } },
    },
    config: configOf([hook({ on: ['every'], services: ['billing-*'], branches: ['main'] })]),
  });
  await stage.push(ok);
  await stage.push(ok, { branch: 'release/1' });
  await sent(stage, 1);
  expect(titles()).toEqual(['✓ billing-1 was built on main']);
});

test('a push that fails many services is one message', async () => {
  const names = ['a', 'b', 'c'];
  const services = Object.fromEntries(
    names.map((name) => [name, { repository: 'abc/app', version: { value: '1.0' } }]),
  );
  const stage = await open({ clock, services, config: configOf([hook()]) });
  stage.fakes.engine.fail('build', 'dockerfile-step-failed', 3);
  await stage.push(ok);
  await sent(stage, 1);
  expect(titles()).toEqual(['✕ 3 services failed after a push to abc/app main by ada']);
  expect(events()[0]).toMatchObject({ data: { count: 3, cause: { kind: 'push' } } });
  expect(events()[0]?.data.lines).toHaveLength(3);
});

test('a cascade is one message with its root', async () => {
  const on = 'registry.test:5000/base:main';
  const names = ['left', 'middle', 'right'];
  const services = Object.fromEntries(
    ['base', ...names].map((name) => [name, { repository: 'abc/app', path: name, branches: ['main'] }]),
  );
  const stage = await open({ clock, services, config: configOf([hook()]) });
  await stage.push({
    'base/Dockerfile': 'FROM scratch\nCOPY . /base\n',
    ...Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, `FROM ${on}\nCOPY . /${name}\n`])),
  });
  await stage.slipway.quiet();
  stage.hold();
  const decisions = await stage.push({ 'base/a': '1' });
  const id = await stage.underway(decisions.filter(({ decision }) => decision === 'build'));
  stage.fakes.engine.release();
  await stage.until('the base', async () => (await stage.slipway.running.store.builds.get(id))?.status === 'succeeded');
  stage.fakes.engine.fail('build', 'dockerfile-step-failed', 3);
  await sent(stage, 1);
  expect(titles()).toEqual([expect.stringMatching(/^✕ [23] services failed after base got /)]);
});

test('a receiver that is away is asked again, and what it was to be sent survives a restart', async () => {
  const stage = await started([hook({ on: ['every'] })]);
  answers.push({ status: 503 });
  await stage.push(ok);
  await sent(stage, 1);
  await stage.slipway.stop();
  await stage.slipway.start(configOf([hook({ on: ['every'] })]));
  clock.leap(2_000);
  await stage.until('the second attempt', async () => server.requests.length === 2);
  const ids = server.requests.map(({ headers }) => headers['webhook-id']);
  expect(ids[0]).toBe(ids[1]);
  expect(await stage.builds()).toMatchObject([{ status: 'succeeded' }]);
  const metrics = (await stage.slipway.request('GET', '/metrics')).body;
  expect(metrics).toContain('slipway_notices_total{kind="webhook",outcome="delivered"} 1');
});

test('a receiver that refuses or redirects is asked once, and no build fails', async () => {
  const stage = await started([hook({ on: ['every'] })]);
  answers.push({ status: 410 }, { status: 307, headers: { location: `http://${server.host}/elsewhere` } });
  await stage.push(ok);
  await sent(stage, 1);
  await stage.push({ a: '1' });
  await sent(stage, 2);
  clock.leap(3_600_000);
  await stage.slipway.quiet();
  expect(server.requests.map(({ path }) => path)).toEqual(['/hook?key=1', '/hook?key=1']);
  expect(await stage.builds()).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
  const lines = () => stage.slipway.log.lines.filter(({ message }) => message.startsWith('could not deliver'));
  await stage.until('both refusals to be logged', async () => lines().length === 2);
  expect(JSON.stringify(lines())).not.toContain('key=1');
});

test('Slack gets text that names nobody and links to the page alone', async () => {
  const stage = await started([{ to: `slack:http://${server.host}/services/T/B/x`, on: ['every'] }]);
  stage.fakes.engine.fail('build', 'dockerfile-step-failed', 1, 'RUN echo <!channel> & @here <https://evil.test|x>');
  await stage.push(ok);
  await sent(stage, 1);
  const body = JSON.parse(server.requests[0]?.body ?? '{}') as { text: string; blocks: { text: { text: string } }[] };
  expect(body.text).toBe(body.blocks[0]?.text.text);
  expect(body.blocks[0]?.text.text).toMatch(/^\*<https:\/\/images\.test\/builds\/[^|>]+\|✕ app failed on main>\*\n/);
  expect(body.blocks[0]?.text.text).toContain(
    'RUN echo &lt;!channel&gt; &amp; @\u200bhere &lt;https://evil.test|x&gt;',
  );
});

describe('mail', () => {
  const mails: { readonly to: string[]; readonly text: string }[] = [];
  const refusals: number[] = [];
  let smtp: SMTPServer;
  let port: number;
  beforeEach(async () => {
    mails.length = refusals.length = 0;
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const refusal = refusals.shift();
          if (refusal !== undefined) return done(Object.assign(new Error('No.'), { responseCode: refusal }));
          mails.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString(),
          });
          done();
        });
      },
    });
    smtp.listen(0, '127.0.0.1');
    await once(smtp.server, 'listening');
    ({ port } = smtp.server.address() as AddressInfo);
  });
  afterEach(() => new Promise<void>((resolve) => void smtp.close(resolve)));

  const mail = () => ({ mail: { host: '127.0.0.1', port, from: 'slipway@abc.test' } });
  const arrived = async (stage: FakeStage, count: number) => {
    await sent(stage, 0);
    await stage.until(`${count} mails`, async () => mails.length === count);
  };

  test('is sent as plain text, again after a passing refusal', async () => {
    const stage = await started([{ to: 'mailto:team@abc.test', on: ['every'] }], mail());
    refusals.push(451);
    await stage.push(ok);
    await sent(stage, 0);
    await stage.until('the first attempt', async () => refusals.length === 0);
    await stage.until('it to wait', async () => (await stage.slipway.running.store.notices.waiting()).length === 1);
    clock.leap(2_000);
    await arrived(stage, 1);
    const [{ to, text } = { to: [], text: '' }] = mails;
    expect(to).toEqual(['team@abc.test']);
    expect(text).toMatch(/^Subject: =\?UTF-8\?.*app/m);
    expect(text).toMatch(/^Content-Type: text\/plain/m);
    expect(text).toContain('https://images.test/builds/');
  });

  test('that the server refuses for good is not repeated', async () => {
    const stage = await started([{ to: 'mailto:team@abc.test', on: ['every'] }], mail());
    refusals.push(550);
    await stage.push(ok);
    await sent(stage, 0);
    await stage.until(
      'nothing to be left',
      async () => (await stage.slipway.running.store.notices.nextDueAt([])) === null,
    );
    expect([mails, refusals]).toEqual([[], []]);
  });
});

test('a deployment that has ended is reported in the environments that are wished', async () => {
  const stage = await started([hook({ on: ['deployed'], environments: ['production'] })], {
    environments: {
      production: { hosts: { a: { engine: 'unix:///nowhere.sock', address: '127.0.0.1' } } },
      staging: { hosts: { b: { engine: 'unix:///elsewhere.sock', address: '127.0.0.1' } } },
    },
  });
  const { store, events: bus } = stage.slipway.running;
  for (const environment of ['staging', 'production']) {
    const { id, status, service } = await run(store, newDeployment(1, { environment }), {
      ...{ status: 'failed', error: fault(), blocks: true },
    });
    bus.publish({ type: 'deployment', id, status, service, environment });
  }
  await sent(stage, 1);
  expect(events()).toMatchObject([
    {
      type: 'deployment.failed',
      data: {
        title: expect.stringMatching(/^✕ app .* was not deployed in production$/),
        url: expect.stringContaining('/deployments/'),
      },
    },
  ]);
});
