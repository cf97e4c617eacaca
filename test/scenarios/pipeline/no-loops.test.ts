/** Slipway by itself does not repeat a build that failed or was canceled; a change or a request does. */
import { loadConfig } from '../../../src/config/load.js';
import { dockerfile, said, sweepMs, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };
const config = { sweep: '5m' };
const broken = `${dockerfile}RUN exit 1\n`;

const statuses = async (stage: FakeStage): Promise<string[]> => (await stage.builds()).map(({ status }) => status);

/** A branch that has an image, and whose newest build failed. */
async function failedStage(files: Record<string, string> = { 'src/a.txt': '2' }): Promise<FakeStage> {
  const stage = await open({ config });
  await stage.begin();
  stage.fakes.engine.fail('build', 'dockerfile-step-failed');
  await stage.push(files);
  await stage.slipway.quiet();
  expect(await statuses(stage)).toEqual(['succeeded', 'failed']);
  return stage;
}

const repeats: [string, (stage: FakeStage) => Promise<unknown>][] = [
  ['the same push, reported again', (stage) => stage.deliver()],
  ['a new head', (stage) => stage.push({ 'src/a.txt': '3' })],
  ['a new head that changes nothing of the service', (stage) => stage.push({})],
  ['a manual rebuild', (stage) => stage.slipway.post('/rebuild/app')],
  ['a retry', async (stage) => stage.slipway.post(`/api/v1/builds/${(await stage.builds())[1]?.id}/retry`)],
  ['a call of Jenkins', (stage) => stage.slipway.post('/api/v1/builds', { service: 'app', branch: 'main' })],
  [
    'changed settings',
    async (stage) => {
      await stage.slipway.stop();
      await stage.slipway.start({ services: { app: { ...app, buildArgs: { A: '1' } } } });
      await stage.swept();
    },
  ],
];

test('a failed build is not repeated by its own end, the sweep or a start', async () => {
  const stage = await failedStage();
  await stage.sweep();
  await stage.slipway.stop();
  await stage.slipway.start();
  await stage.swept();
  expect(await statuses(stage)).toEqual(['succeeded', 'failed']);
});

test.each(repeats)('a failed build is repeated by %s', async (_what, repeat) => {
  const stage = await failedStage();
  await repeat(stage);
  await stage.slipway.quiet();
  expect(await statuses(stage)).toEqual(['succeeded', 'failed', 'succeeded']);
  expect(stage.fakes.behind('app', 'main')?.files.get('src/a.txt')).not.toBe('1');
});

test('what failed stays open until a success covers it', async () => {
  const stage = await failedStage({ 'src/a.txt': '2', 'docs/a.md': '1' });
  const [next] = await stage.push({ 'unrelated.txt': '1' });
  expect(next?.reason.paths).toEqual(['docs/a.md', 'src/a.txt', 'unrelated.txt']);
});

test('a failed build is repeated when its central packaging changes', async () => {
  const stage = await open({ config, central: { 'app/Dockerfile': broken } });
  await stage.push({ 'a.txt': '1' });
  await stage.slipway.quiet();
  await stage.sweep();
  expect(await statuses(stage)).toEqual(['failed']);
  await stage.slipway.writeCentral('app/Dockerfile', dockerfile);
  await stage.sweep();
  expect(await statuses(stage)).toEqual(['failed', 'succeeded']);
});

test('a failed build is not repeated where its packaging was edited after the decision, before its turn', async () => {
  const services = { app: { ...app, branches: ['main', 'other'] } };
  const stage = await open({ services, config, central: { 'app/Dockerfile': dockerfile } });
  await stage.push({ 'a.txt': '1' });
  await stage.slipway.quiet();
  stage.hold();
  await stage.underway(await stage.push({ 'b.txt': '1' }, { branch: 'other' }));
  await stage.push({ 'a.txt': '2' });
  await stage.slipway.writeCentral('app/Dockerfile', broken);
  await stage.release();
  await stage.sweep();
  const ofMain = (await stage.builds()).filter(({ branch }) => branch === 'main');
  expect(ofMain.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
});

test('a failed packaging is built again when it comes back', async () => {
  const stage = await open({ config, central: { 'app/Dockerfile': dockerfile } });
  await stage.push({ 'a.txt': '1' });
  await stage.slipway.quiet();
  for (const text of [broken, dockerfile, broken]) {
    await stage.slipway.writeCentral('app/Dockerfile', text);
    await stage.sweep();
  }
  expect(await statuses(stage)).toEqual(['succeeded', 'failed', 'failed']);
});

test('what is under way while the settings change is said once, not by every sweep', async () => {
  const stage = await open({ config });
  await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  await stage.slipway.writeConfig({ services: { app: { ...app, buildArgs: { A: '1' } } } });
  await stage.slipway.running.reload(await loadConfig(stage.slipway.configFile, {}));
  const { store } = stage.slipway.running;
  const decided = async () => (await store.decisions.last(100)).length;
  await stage.until('the new settings to be decided on', async () => (await decided()) === 3);
  for (let sweeps = 0; sweeps < 2; sweeps += 1) {
    await stage.until('the sweep to be over', async () => stage.clock.sleeping.includes(sweepMs));
    stage.clock.leap(sweepMs);
  }
  await stage.until('the sweep to be over', async () => stage.clock.sleeping.includes(sweepMs));
  expect(await decided()).toBe(3);
  await stage.release();
  expect(await statuses(stage)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('a canceled build is not repeated by its own end, the sweep or a start, and its changes come with the next push', async () => {
  const stage = await open({ config });
  await stage.begin();
  stage.hold();
  const id = await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  const queued = await stage.push({ 'src/a.txt': '3' });
  await stage.slipway.post(`/api/v1/builds/${queued[0]?.buildId}/cancel`);
  await stage.slipway.post(`/api/v1/builds/${id}/cancel`);
  await stage.slipway.quiet();
  await stage.release();
  await stage.sweep();
  await stage.slipway.stop();
  await stage.slipway.start();
  await stage.swept();
  expect(await statuses(stage)).toEqual(['succeeded', 'canceled', 'canceled']);
  expect(stage.fakes.behind('app', 'main')?.files.get('src/a.txt')).toBe('1');
  const rows = await stage.push({ 'docs.txt': '1' });
  expect(rows[0]?.reason.paths).toEqual(['docs.txt', 'src/a.txt']);
});

test('a fault that may pass is tried again, and the finished image is not made twice', async () => {
  const stage = await open();
  stage.fakes.fake.setAway(true);
  const rows = await stage.push({ Dockerfile: dockerfile });
  const build = async () => stage.slipway.running.store.builds.get(rows[0]?.buildId ?? '');
  await stage.until('the first attempt to fail', async () => ((await build())?.attempt ?? 0) > 0);
  stage.fakes.fake.setAway(false);
  stage.clock.leap(2_000);
  expect(await stage.ended(rows)).toMatchObject({ status: 'succeeded' });
  expect(stage.fakes.engine.builds).toHaveLength(1);
});

test('a build that was running when the server stopped runs again, once', async () => {
  const stage = await open();
  stage.hold();
  const rows = await stage.push({ Dockerfile: dockerfile });
  await stage.underway(rows);
  await stage.slipway.stop(0);
  stage.fakes.engine.release();
  await stage.slipway.start();
  await stage.slipway.quiet();
  expect(await statuses(stage)).toEqual(['succeeded']);
  expect(said(await stage.deliver())).toEqual(['skip no-change']);
});
