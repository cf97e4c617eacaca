/** The engine and the git host away for a while: what was asked for is done when they are back. */
import { engineHost } from '../../support/engine.js';
import { startEngineProxy, type EngineProxy } from '../../support/engine-proxy.js';
import { until } from '../../support/slipway.js';
import { openStage, says, succeeded, success, type Stage } from '../../support/stage.js';

let stage: Stage;
let engine: EngineProxy;

beforeAll(async () => {
  stage = await openStage();
  engine = await startEngineProxy(engineHost());
}, 60_000);

afterAll(async () => {
  await stage?.close();
  await engine?.close();
}, 60_000);

async function prepare(name: string, services: readonly string[] = [name]) {
  const repository = `abc/${name}`;
  const repo = await stage.repo(repository);
  const dockerfile = `FROM ${stage.base}\nCOPY main.txt /\nRUN sleep 2 # ${name}\n`;
  const head = await repo.commit({ files: { Dockerfile: dockerfile, 'main.txt': name } });
  const slipway = await stage.slipway({
    services: Object.fromEntries(services.map((service) => [service, { repository }])),
    config: { engine: { host: engine.host, concurrency: 1 } },
  });
  return { repository, head, slipway, push: () => slipway.push(repository, 'main', { after: head }) };
}

test('a build whose engine is away waits for it', async () => {
  const { slipway, push } = await prepare('waiting');
  await engine.cut();
  const decisions = await push();
  const id = decisions[0]?.buildId ?? null;
  await says(slipway, id, 'engine-unavailable');
  expect((await slipway.build(id)).error).toBeNull();
  await engine.restore();
  await succeeded(slipway, decisions);
  expect(await slipway.logOf(id)).toMatch(/^engine-unavailable: .+ Trying again in \d+ s\.$/m);
}, 90_000);

test('a build whose engine goes away in the middle is made again', async () => {
  const { slipway, push } = await prepare('interrupted');
  const decisions = await push();
  const id = decisions[0]?.buildId ?? null;
  await says(slipway, id, 'RUN sleep 2');
  await engine.cut();
  await says(slipway, id, 'engine-unavailable');
  await engine.restore();
  const build = await succeeded(slipway, decisions);
  expect((await stage.pushed('interrupted', 'main')).digest).toBe(build.image?.digest);
}, 90_000);

test('a delivery that comes while the git host is away is planned when that is back', async () => {
  const { slipway, repository, head } = await prepare('later');
  stage.host.server.fail(503);
  const delivery = await slipway.deliver(repository, 'main', { after: head });
  await until('a look to fail', async () =>
    slipway.log.lines.some(({ message }) => message.startsWith('could not look, trying again')),
  );
  expect(await slipway.get(`/api/v1/deliveries/${delivery}`)).toMatchObject({ status: 'accepted' });
  stage.host.server.fail(null);
  await succeeded(slipway, await slipway.decisions(delivery));
}, 90_000);

test('a build whose turn comes while the git host is away waits for it', async () => {
  const { slipway, push } = await prepare('turn', ['turn', 'next']);
  const [turn, next] = await push();
  await says(slipway, turn?.buildId ?? null, 'RUN sleep 2');
  stage.host.server.fail(503);
  await says(slipway, next?.buildId ?? null, 'git-unavailable');
  stage.host.server.fail(null);
  await success(slipway, next?.buildId ?? null);
}, 90_000);
