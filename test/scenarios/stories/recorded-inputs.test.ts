/** What a running build is known to be made from, and when that is stored. */
import type { BuildProgress, Store } from '../../../src/store/contract.js';
import { MemoryStage } from '../../support/memory-stage.js';
import { CENTRAL, dockerfile, firstRepositories, MONO, servicesWith } from './world.js';

const WITH_THE_DOCKERFILE = ['inputs', 'wasHead', 'dockerfile', 'dockerfileText', 'official', 'warnings'];
const WITH_THE_IMAGE = ['engineImage', 'fingerprint'];
const services = new Map([...servicesWith('first')].filter(([name]) => name === 'tool'));

describe('the inputs of a running build', () => {
  const repositories = firstRepositories();
  const learned = new Map<string, BuildProgress[]>();
  let stage: MemoryStage;

  const watched = (store: Store): Store => ({
    ...store,
    queue: {
      ...store.queue,
      progress: async (attempt, progress) => {
        const { id } = attempt;
        learned.set(id, [...(learned.get(id) ?? []), progress]);
        return store.queue.progress(attempt, progress);
      },
    },
  });
  const push = async (files: Readonly<Record<string, string>>) => {
    const mono = repositories.get(MONO);
    const before = mono?.heads.get('main') ?? '';
    const after = mono?.commit(files) ?? '';
    await stage.hear({ id: `delivery-${after}`, repository: MONO, ref: 'refs/heads/main', before, after });
    await stage.rest();
    return after;
  };
  const ofCommit = async (commit: string) => {
    const build = await stage.store.builds.newest('tool', 'main', commit);
    if (build === null) throw new Error(`there is no build of ${commit}`);
    return { build, learned: learned.get(build.id) ?? [] };
  };

  beforeAll(async () => {
    stage = await MemoryStage.open({ repositories, central: CENTRAL, services: () => services, watched });
    await stage.start();
    await stage.quiet();
  });
  afterAll(() => stage.close());

  test('are stored with its Dockerfile where they are as they were decided on', async () => {
    const { build, learned } = await ofCommit(await push({ 'tool/a.txt': '1' }));
    expect(learned.map((progress) => Object.keys(progress))).toEqual([WITH_THE_DOCKERFILE, WITH_THE_IMAGE]);
    expect(build).toMatchObject({ status: 'succeeded', wasHead: true });
  });

  test('are stored at once where they have become others', async () => {
    const { engine } = stage.fakes;
    engine.hold();
    await push({ 'tool/a.txt': '2' });
    const queued = await push({ 'tool/a.txt': '3' });
    const before = (await ofCommit(queued)).build.inputs;
    repositories.get(CENTRAL)?.commit({ 'tool/Dockerfile': dockerfile('tool', 'other') });
    engine.release();
    await stage.quiet();
    const { build, learned } = await ofCommit(queued);
    expect(learned.map((progress) => Object.keys(progress))).toEqual([['inputs'], WITH_THE_DOCKERFILE, WITH_THE_IMAGE]);
    expect(build.inputs.packaging).not.toBe(before.packaging);
    expect(learned.slice(0, 2).map(({ inputs }) => inputs)).toEqual([build.inputs, build.inputs]);
  });
});
