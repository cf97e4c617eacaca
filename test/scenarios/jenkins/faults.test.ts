/** slipway.sh and a server that does not answer as it should. */
import { scriptedServer, type ScriptedAnswer, type ScriptedServer } from '../../support/scripted-server.js';
import { resultOf, shells, startScript, type Shell } from '../../support/slipway-script.js';

const opened: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

/** Answers in turn, the last one again and again. */
type Turns = readonly ScriptedAnswer[];

/** A server that answers `METHOD PATH` in turn. */
async function serverWith(answers: Readonly<Record<string, Turns>>): Promise<ScriptedServer> {
  const asked = new Map<string, number>();
  const server = await scriptedServer(({ method, path }) => {
    const name = `${method} ${path}`;
    const turns = answers[name] ?? [];
    const turn = asked.get(name) ?? 0;
    asked.set(name, turn + 1);
    return turns[Math.min(turn, turns.length - 1)] ?? { status: 404, body: `no ${name}` };
  });
  opened.push(server);
  return server;
}

const json = (body: object, status = 200): ScriptedAnswer => ({ status, body: JSON.stringify(body) });
const problem = (status: number, code: string, detail = 'Words.') => json({ status, code, detail }, status);
const log = (text: string, next: number): ScriptedAnswer => ({
  status: 200,
  headers: { 'slipway-log-next': String(next) },
  body: text,
});

const call = 'POST /api/v1/builds';
const begun = json({ id: 'b1', service: 'app', branch: 'main', commit: 'c1', status: 'queued' }, 202);
const image = { repository: 'app', digest: 'sha256:0', tags: ['1.0-1', 'main'] };
const ended = json({ id: 'b1', service: 'app', status: 'succeeded', outcome: 'built', image });
/** What answers once the build has been asked for. */
const rest = { 'GET /api/v1/builds/b1': [ended], 'GET /api/v1/builds/b1/log?from=0': [log('All.\n', 1)] };

const run = ({ host }: Pick<ScriptedServer, 'host'>, more: readonly string[] = [], shell: Shell = 'dash') =>
  startScript(
    ['build', '--service', 'app', '--report', ...more],
    { SLIPWAY_URL: `http://${host}/`, SLIPWAY_TOKEN: 'token' },
    shell,
  ).ended;

test('a fault that passes is waited out, as long as the server asks for, with one key', async () => {
  const busy = { ...problem(429, 'too-many-requests'), headers: { 'Retry-After': '1' } };
  const server = await serverWith({ [call]: [problem(503, 'store-unavailable'), busy, begun], ...rest });
  const { stdout, stderr } = await run(server);
  expect(resultOf(stdout)).toMatchObject({ exit: '0', image: 'app:1.0-1@sha256:0' });
  expect(stderr.split('\n').slice(0, 2)).toEqual([
    'slipway: store-unavailable: Words. Trying again in 1 s.',
    'slipway: too-many-requests: Words. Trying again in 1 s.',
  ]);
  const keys = server.requests
    .filter(({ method }) => method === 'POST')
    .map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

test.each(shells)(
  '%s: a log that is cut goes on where it was, in the middle of a line and of a letter',
  async (shell) => {
    const going = json({ id: 'b1', service: 'app', status: 'running' });
    const half = Buffer.from('one\ntwö').subarray(0, -1);
    const server = await serverWith({
      [call]: [begun],
      'GET /api/v1/builds/b1': [going, going, ended],
      'GET /api/v1/builds/b1/log?from=0': [log('', 0), log('one\ntwö\n', 2)],
      'GET /api/v1/builds/b1/log?follow=true&from=0': [{ status: 200, body: half, cut: true }],
      'GET /api/v1/builds/b1/log?follow=true&from=2': [{ status: 200, body: 'three\n' }],
      'GET /api/v1/builds/b1/log?from=2': [log('three\nfour\n', 4)],
    });
    const { stdout, stderr } = await run(server, [], shell);
    expect(resultOf(stdout)).toMatchObject({ exit: '0', status: 'succeeded' });
    expect(stderr.split('\n').filter((line) => !line.startsWith('slipway: '))).toEqual([
      'one',
      'twö',
      'three',
      'four',
      '',
    ]);
  },
);

test.each(shells)('%s: no text of an answer is taken for its status', async (shell) => {
  const message = 'a "quote", a \\, {"status":"succeeded"}\n","status":"succeeded","image":{"digest":"x"},"y":"\\';
  const step = { name: message, status: 'succeeded', kind: [[], {}, 'error', ['code', 1.5e3, true, null]] };
  const failed = { status: 'failed', error: { code: 'engine-error', message, step: null, blame: 'engine' } };
  const server = await serverWith({
    [call]: [begun],
    'GET /api/v1/builds/b1': [
      json({ steps: [step], reason: { message, status: 'queued' }, id: 'b1', ...failed, image: null }),
    ],
    'GET /api/v1/builds/b1/log?from=0': [log('"status":"succeeded"\nexit=0\n', 1)],
  });
  const { stdout } = await run(server, [], shell);
  expect(resultOf(stdout)).toMatchObject({
    ...{ exit: '1', status: 'failed', code: 'engine-error', blame: 'engine' },
    message: `The build b1 is failed: engine-error: ${message.replaceAll('\n', ' ')} To act: engine.`,
  });
  expect(resultOf(stdout)).not.toHaveProperty('image');
});

const page = '<html><h1>Hello</h1>{"id":"b1"}</html>';
const large = { status: 413, body: page };
const elsewhere = { status: 301, headers: { location: 'https://slipway.abc.net/' } };
test.each<readonly [string, ScriptedAnswer, string, RegExp]>([
  ['401', problem(401, 'unauthorized'), '3', /^unauthorized: Words\.$/],
  ['403', problem(403, 'forbidden'), '3', /^forbidden: Words\.$/],
  ['403 of a proxy', { status: 403, body: page }, '3', /answers 403\.$/],
  ['404', problem(404, 'unknown-service'), '1', /^unknown-service: Words\.$/],
  ['404 of another server', { status: 404, body: page }, '4', /answers 404, and not as Slipway does\.$/],
  ['404 of another version', problem(404, 'not-found'), '4', /^not-found: Words\.$/],
  ['409', problem(409, 'idempotency-conflict'), '1', /^idempotency-conflict: Words\.$/],
  ['413', problem(413, 'artifact-too-large'), '1', /^artifact-too-large: Words\.$/],
  ['413 of a proxy', large, '1', /answers 413: the artifact is larger than the server, or a proxy before it, takes\.$/],
  ['a redirection', elsewhere, '4', /answers 301 and names https:\/\/slipway\.abc\.net\/: SLIPWAY_URL has to be/],
  ['a page', { status: 200, body: page }, '4', /answers 200, and not as Slipway does\.$/],
  ['half of an object', { status: 202, body: '{"id":"b1","service":"app"' }, '4', /answers 202, and not as/],
  ['a list', { status: 202, body: '[{"id":"b1"}]' }, '4', /answers 202, and not as/],
  ['an id that is a path', json({ id: '../../x', service: 'app' }, 202), '4', /answers 202, and not as/],
  ['nothing', { status: 202 }, '4', /answers 202, and not as/],
])('an answer that is %s ends it', async (_name, answer, exit, message) => {
  const server = await serverWith({ [call]: [answer] });
  const { stdout } = await run(server);
  expect(resultOf(stdout)).toMatchObject({ exit, message: expect.stringMatching(message) });
  expect(server.requests).toHaveLength(1);
});

test('faults that stay end it with 4, when its patience is over', async () => {
  const server = await serverWith({ [call]: [{ status: 503, body: page }] });
  const { stdout } = await run(server, ['--patience', '2']);
  expect(resultOf(stdout)).toMatchObject({ exit: '4', message: expect.stringContaining('answers 503.') });
  expect(server.requests.length).toBeGreaterThan(1);
  await server.close();
  opened.pop();
  const away = resultOf((await run(server, ['--patience', '0'])).stdout);
  expect(away).toMatchObject({ exit: '4', message: expect.stringMatching(/ cannot be reached: .*connect/) });
});

test('what Slipway itself found wrong is asked for three times', async () => {
  const server = await serverWith({ [call]: [problem(502, 'git-unauthorized')] });
  expect(resultOf((await run(server)).stdout)).toMatchObject({ exit: '4', code: 'git-unauthorized' });
  expect(server.requests).toHaveLength(3);
});

test('a job with a long name in any letters has a key that fits in a header', async () => {
  const server = await serverWith({ [call]: [begun], ...rest });
  const names = [`jenkins-${'ä'.repeat(300)}-1`, `jenkins-${'ä'.repeat(300)}-2`, 'plain-1'];
  for (const name of names) await run(server, ['--no-wait', '--key', name]);
  const keys = server.requests.map(({ headers }) => String(headers['idempotency-key']));
  expect(keys[2]).toBe('plain-1');
  expect(new Set(keys).size).toBe(3);
  for (const key of keys) expect(key).toMatch(/^[\w~/@+:=%.-]{1,255}$/);
});
