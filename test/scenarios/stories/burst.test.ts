/** Pushes that follow each other within moments: what was asked for first begins at once, what would be superseded waits. */
import { firstRepositories, MONO, servicesWith } from './world.js';
import { MemoryStage } from '../../support/memory-stage.js';

const repositories = firstRepositories();
let stage: MemoryStage;

beforeEach(async () => {
  stage = await MemoryStage.open({
    repositories,
    central: 'abc/dockerfiles',
    services: () => servicesWith('first'),
    watched: (store) => store,
  });
  await stage.start();
  await stage.quiet();
  stage.pass(1_000);
  stage.fakes.engine.hold();
});
afterEach(() => stage.close());

let pushed = 0;

/** A push of one file to main; resolves when nothing more follows from it unless time passes. */
async function push(path: string): Promise<string> {
  const repository = repositories.get(MONO);
  const before = repository?.heads.get('main') ?? '';
  const after = repository?.commit({ [path]: String((pushed += 1)) }) ?? '';
  await stage.hear({ id: `burst-${pushed}`, repository: MONO, ref: 'refs/heads/main', before, after });
  await stage.rest();
  return after;
}

/** What the service's newest build is doing. */
const newest = async (service: string) => (await stage.store.builds.newest(service, 'main'))?.status;

test('the first push of a burst is built at once, the next when no other has come for a moment', async () => {
  await push('web/src/a.txt');
  expect(await newest('web')).toBe('running');
  await push('api/a.txt');
  await push('api/a.txt');
  stage.pass(300);
  await stage.rest();
  expect(await newest('api')).toBe('queued');
  const head = await push('api/a.txt');
  stage.pass(300);
  await stage.rest();
  expect(await newest('api')).toBe('queued');
  stage.pass(1_500);
  await stage.rest();
  expect(await stage.store.builds.newest('api', 'main')).toMatchObject({ status: 'running', commit: head });
});

test('a push that comes alone waits for nothing', async () => {
  await push('web/src/a.txt');
  stage.pass(1_000);
  await push('api/a.txt');
  expect(await newest('api')).toBe('running');
});

test('what is built of every push waits for none', async () => {
  await push('web/src/a.txt');
  await push('tool/a.txt');
  expect(await newest('tool')).toBe('running');
});

test('pushes that were announced together are decided on for the one head, each with rows of its own', async () => {
  const repository = repositories.get(MONO);
  await push('web/src/a.txt');
  const pushes = ['3', '4', '5'].map((content) => {
    const before = repository?.heads.get('main') ?? '';
    return { before, after: repository?.commit({ 'api/a.txt': content }) ?? '' };
  });
  for (const { before, after } of pushes) {
    await stage.hear({ id: `together-${after}`, repository: MONO, ref: 'refs/heads/main', before, after });
  }
  await stage.rest();
  const rows = await Promise.all(pushes.map(({ after }) => stage.store.decisions.ofDelivery(`together-${after}`)));
  const head = pushes.at(-1)?.after;
  expect(rows.map((of) => of.map(({ service }) => service).sort())).toEqual(Array(3).fill(['api', 'tool', 'web']));
  const ofApi = rows.map((of) => of.find(({ service }) => service === 'api'));
  expect(ofApi).toMatchObject(Array(3).fill({ decision: 'build', head, buildId: ofApi[0]?.buildId }));
  expect((await stage.store.builds.newest('api', 'main'))?.id).toBe(ofApi[0]?.buildId);
});
