/** A build that another worker has taken over while this one was about to publish it. */
import { join } from 'node:path';
import Libsql from 'libsql';
import type { Build } from '../../../src/model/build.js';
import { dockerfile, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

/** Takes over what the server runs, as another process does once its lease has run out. */
async function takeOver(stage: FakeStage): Promise<Build> {
  const { store } = stage.slipway.running;
  const beside = new Libsql(join(stage.slipway.folder, 'data', 'slipway.db'));
  beside.exec('delete from workers');
  beside.close();
  await store.workers.join('other');
  const [id] = await store.housekeeping.recover('other');
  const taken = await store.queue.claim('other');
  if (taken === null || taken.id !== id) throw new Error('the other worker did not get it');
  return taken;
}

/** The build is lost when this server asks for the `at`th time whether it may write a tag. Gives the other attempt, once there is one. */
function loseAt(stage: FakeStage, at: number): () => Build | null {
  const { queue } = stage.slipway.running.store;
  const { owned } = queue;
  let asked = 0;
  let taken: Build | null = null;
  Object.assign(queue, {
    owned: async (attempt: Build) => {
      if ((asked += 1) === at) taken = await takeOver(stage);
      return owned(attempt);
    },
  });
  return () => taken;
}

const hasEnded = async (stage: FakeStage) => (await stage.builds()).some(({ status }) => status === 'succeeded');

test.each([
  ['the image', 1, []],
  ['the tag of the branch', 2, [expect.stringMatching(/^1\.0-1-/)]],
])('writes no tag from then on: lost before %s', async (_name, at, written) => {
  const stage = await open();
  const lost = loseAt(stage, at);
  await stage.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '1' });
  await stage.until('the build to be lost or to end', async () => lost() !== null || (await hasEnded(stage)));
  const taken = lost();
  if (taken === null) throw new Error('nobody asked before a tag was written');
  await stage.until('the server to have noticed', async () =>
    stage.slipway.log.lines.some(({ message }) => message.includes('another worker has it')),
  );
  const { store } = stage.slipway.running;
  expect(Object.keys(stage.fakes.fake.state('app'))).toEqual(written);
  expect(await store.builds.get(taken.id)).toMatchObject({ status: 'running', claim: 2, steps: [] });
  expect((await store.logs.read(taken.id, 0)).text).not.toContain('Tagged');

  expect(await store.queue.finish(taken, { status: 'canceled' }, stage.clock.now(), [])).toBe(true);
  stage.clock.leap(5_000);
  await stage.push({ 'src/a.txt': '2' });
  await stage.slipway.quiet();
  expect((await stage.builds()).map(({ status }) => status)).toEqual(['canceled', 'succeeded']);
  expect(stage.madeFrom('main')).toBe(await stage.tip());
});
