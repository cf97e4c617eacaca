/** Builds that end before they ever ran are reported like any other. */
import { loadConfig } from '../../../src/config/load.js';
import { scriptedServer, type ScriptedServer } from '../../support/scripted-server.js';
import { until, type BuildRow } from '../../support/slipway.js';
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
let jenkins: ScriptedServer;

beforeAll(async () => {
  jenkins = await scriptedServer(() => ({ status: 204 }));
});

afterAll(() => jenkins.close());

/** A build that Jenkins asked for and waits to hear of, behind one that runs. */
async function waiting(): Promise<{ stage: FakeStage; build: BuildRow }> {
  const stage = await open({ config: { callbacks: { allowedHosts: [jenkins.host] } } });
  await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  await stage.repo.commit({ files: { 'src/a.txt': '3' } });
  const call = { service: 'app', callbackUrl: `http://${jenkins.host}/` };
  const { status, body } = await stage.slipway.post<BuildRow>('/api/v1/builds', call);
  expect([status, body.status]).toEqual([202, 'queued']);
  return { stage, build: body };
}

async function announcedEnd(stage: FakeStage, id: string): Promise<unknown> {
  const heard = await until('Jenkins to be called back', async () =>
    jenkins.requests.find(({ body }) => body.includes(id)),
  );
  await stage.release();
  const { status } = JSON.parse(heard.body) as BuildRow;
  expect(stage.slipway.log.lines).toContainEqual(
    expect.objectContaining({
      message: expect.stringContaining(`build ${status}`),
      bindings: expect.objectContaining({ build: id }),
    }),
  );
  return status;
}

test('one that a newer head supersedes', async () => {
  const { stage, build } = await waiting();
  await stage.push({ 'src/a.txt': '4' });
  expect(await announcedEnd(stage, build.id)).toBe('superseded');
});

test('one whose branch is deleted', async () => {
  const { stage, build } = await waiting();
  const tip = await stage.tip();
  await stage.repo.deleteBranch('main');
  await stage.slipway.deliver('abc/app', 'main', { before: tip, after: '0'.repeat(40) });
  expect(await announcedEnd(stage, build.id)).toBe('canceled');
});

test('one whose service is no longer configured', async () => {
  const { stage, build } = await waiting();
  const callbacks = { allowedHosts: [jenkins.host] };
  await stage.slipway.writeConfig({ services: { other: { repository: 'abc/app' } }, callbacks });
  await stage.slipway.running.reload(await loadConfig(stage.slipway.configFile, {}));
  expect(await announcedEnd(stage, build.id)).toBe('canceled');
});

test('one that is canceled', async () => {
  const { stage, build } = await waiting();
  await stage.slipway.post(`/api/v1/builds/${build.id}/cancel`);
  expect(await announcedEnd(stage, build.id)).toBe('canceled');
});
