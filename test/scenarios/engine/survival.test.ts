/** What a server that is killed, stopped or doubled leaves behind; the compiled program on real parts. */
import { createHmac, randomUUID } from 'node:crypto';
import { compileSlipway, runToEnd, serve, type CompiledSlipway, type ServerProcess } from '../../support/compiled.js';
import { SECRET, TOKEN, until, type BuildRow, type DecisionRow, type TestSlipway } from '../../support/slipway.js';
import { openStage, type Stage } from '../../support/stage.js';

let stage: Stage;
let compiled: CompiledSlipway;
const servers: ServerProcess[] = [];

beforeAll(async () => {
  compiled = compileSlipway();
  stage = await openStage();
}, 120_000);

afterAll(async () => {
  for (const server of servers) await server.kill('SIGKILL');
  await stage?.close();
  compiled?.remove();
}, 60_000);

async function start(slipway: TestSlipway): Promise<ServerProcess> {
  const server = await serve(compiled.cli, slipway.configFile);
  servers.push(server);
  return server;
}

async function ask<T>(server: ServerProcess, path: string): Promise<T> {
  const response = await fetch(`${server.address}${path}`, {
    headers: { authorization: `Bearer ${TOKEN}`, connection: 'close' },
  });
  return (await response.json()) as T;
}

async function push(server: ServerProcess, repository: string, after: string): Promise<string> {
  const id = randomUUID();
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after,
    repository: { full_name: repository },
    pusher: { name: 'ada' },
  });
  const response = await fetch(`${server.address}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      connection: 'close',
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    },
  });
  expect(response.status).toBe(202);
  return id;
}

const decisions = (server: ServerProcess, delivery: string) =>
  until('the delivery to be planned', async () => {
    const found = await ask<{ status: string; decisions: DecisionRow[] }>(server, `/api/v1/deliveries/${delivery}`);
    return found.status === 'planned' && found.decisions;
  });

const build = (server: ServerProcess, id: string | null | undefined, status: string) =>
  until(`build ${id} to be ${status}`, async () => {
    const found = await ask<BuildRow>(server, `/api/v1/builds/${id}`);
    return found.status === status && found;
  });

const printed = (server: ServerProcess, id: string | null | undefined, words: string) =>
  until(`build ${id} to print ${words}`, async () => {
    const response = await fetch(`${server.address}/api/v1/builds/${id}/log`, {
      headers: { authorization: `Bearer ${TOKEN}`, connection: 'close' },
    });
    return (await response.text()).includes(words);
  });

/** A service whose build waits for a few seconds after it has said so. */
async function slowService(name: string, seconds: number) {
  const repo = await stage.repo(`abc/${name}`);
  const run = `RUN echo "half ""done" && sleep ${seconds} && echo all done > /state`;
  const head = await repo.commit({
    files: { 'docker/Dockerfile': `FROM ${stage.base}\nCOPY main.txt /\n${run}\n`, 'main.txt': 'one' },
  });
  const slipway = await stage.prepared({ services: { [name]: { repository: `abc/${name}` } } });
  await slipway.writeConfig();
  return { head, slipway };
}

test('a server that is killed in the middle of a build does the build after its restart, and every delivery that it took', async () => {
  const { head, slipway } = await slowService('killed', 4);
  const first = await start(slipway);
  const [decision] = await decisions(first, await push(first, 'abc/killed', head));
  await printed(first, decision?.buildId, 'half done');
  const unplanned = await push(first, 'abc/killed', head);
  await first.kill('SIGKILL');

  const second = await start(slipway);
  const done = await build(second, decision?.buildId, 'succeeded');
  expect(done.image?.tags).toEqual([`0.0.0-1-${head.slice(0, 7)}`, 'main']);
  expect((await stage.pushed('killed', 'main')).digest).toBe(done.image?.digest);
  const [again] = await decisions(second, unplanned);
  expect(again).toMatchObject({ head });
}, 120_000);

test('a server that is asked to stop lets a short build end, and puts a long one back for the next server', async () => {
  const short = await slowService('short', 2);
  const first = await start(short.slipway);
  const [quick] = await decisions(first, await push(first, 'abc/short', short.head));
  await printed(first, quick?.buildId, 'half done');
  expect(await first.kill('SIGTERM')).toBe(0);
  const again = await start(short.slipway);
  expect(await ask<BuildRow>(again, `/api/v1/builds/${quick?.buildId}`)).toMatchObject({ status: 'succeeded' });
  await again.kill('SIGTERM');

  const long = await slowService('long', 14);
  const third = await start(long.slipway);
  const [slow] = await decisions(third, await push(third, 'abc/long', long.head));
  await printed(third, slow?.buildId, 'half done');
  expect(await third.kill('SIGTERM')).toBe(0);
  const fourth = await start(long.slipway);
  await printed(fourth, slow?.buildId, 'goes back into the queue');
  await build(fourth, slow?.buildId, 'succeeded');
}, 120_000);

test('a second server on the same data directory refuses to start and says why; plan works beside the first', async () => {
  const { head, slipway } = await slowService('doubled', 0);
  const first = await start(slipway);
  const [decision] = await decisions(first, await push(first, 'abc/doubled', head));
  await build(first, decision?.buildId, 'succeeded');
  const run = (...words: string[]) => runToEnd(compiled.cli, [...words, '--config', slipway.configFile]);
  const second = await run('serve');
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('data-dir-locked');
  const planned = await run('plan', '--repository', 'abc/doubled', '--branch', 'main', '--json');
  expect(planned.stderr).toBe('');
  expect(JSON.parse(planned.stdout)).toMatchObject({
    decisions: [{ decision: 'skip', reason: { code: 'no-change' } }],
  });
}, 60_000);
