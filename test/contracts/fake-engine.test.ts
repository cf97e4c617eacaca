import type { SlipwayError } from '../../src/errors.js';
import { engineContract } from './engine.js';
import { buildRequest, contextOf, eventLog, never } from '../support/engine.js';
import { createFakeEngine } from '../support/fake-engine.js';

engineContract('fake engine', async () => {
  const engine = createFakeEngine();
  engine.addImage('slipway.test/base:1', 'base', { env: { GREETING: 'hello=you' } });
  return {
    engine,
    base: 'slipway.test/base:1',
    missing: 'registry.test/nothing:1',
    registry: 'registry.test',
    arrived: async (name) => engine.pushed.has(name),
    goAway: async () => engine.setAway(true),
    comeBack: async () => engine.setAway(false),
    close: async () => undefined,
  };
});

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: SlipwayError) => error,
  );
const scratch = { Dockerfile: 'FROM scratch\nRUN echo built' };

describe('a fake engine', () => {
  test('fails when it is asked to, as often as it is asked to', async () => {
    const engine = createFakeEngine();
    engine.fail('build', 'engine-error', 1, '[1/2] RUN make');
    const build = () => engine.builder.build(buildRequest(scratch), () => undefined, never);
    expect(await failure(build())).toMatchObject({ code: 'engine-error', step: '[1/2] RUN make' });
    expect(await failure(build())).toBeNull();
    expect(engine.transcript).toEqual(['build registry.test/app:1', 'build registry.test/app:1']);
  });

  test('holds builds until they are released', async () => {
    const engine = createFakeEngine();
    engine.hold();
    const log = eventLog();
    const building = engine.builder.build(buildRequest(scratch), log.take, never);
    const second = engine.builder.build(buildRequest(scratch), log.take, never);
    expect(log.events).toEqual([]);
    engine.release();
    await Promise.all([building, second]);
    expect(engine.mostAtOnce).toBe(2);
    expect(engine.builds.map(({ files }) => files.get('Dockerfile'))).toEqual([scratch.Dockerfile, scratch.Dockerfile]);
  });

  test('ends a held build when it is aborted', async () => {
    const engine = createFakeEngine();
    engine.hold();
    const stop = new AbortController();
    const building = engine.builder.build(buildRequest(scratch), () => undefined, stop.signal);
    stop.abort(new Error('enough'));
    await expect(building).rejects.toThrow('enough');
  });

  test('loses what runs on it when it goes away', async () => {
    const engine = createFakeEngine();
    engine.hold();
    const building = engine.builder.build(buildRequest(scratch), () => undefined, never);
    engine.setAway(true);
    expect(await failure(building)).toMatchObject({ code: 'engine-unavailable' });
  });

  test('gives another image when a file of the context changes', async () => {
    const engine = createFakeEngine();
    const build = (content: string) =>
      engine.builder.build(
        buildRequest({}, { context: contextOf({ ...scratch, 'a.txt': content }) }),
        () => undefined,
        never,
      );
    expect(await build('1')).toEqual(await build('1'));
    expect(await build('1')).not.toEqual(await build('2'));
  });

  test('hands each push to the registry that it is connected to', async () => {
    const arrived: string[] = [];
    const engine = createFakeEngine({ onPush: (name, imageId) => void arrived.push(`${name} ${imageId}`) });
    const { imageId } = await engine.builder.build(buildRequest(scratch), () => undefined, never);
    await engine.images.push('registry.test/app:1', () => undefined, never);
    expect(arrived).toEqual([`registry.test/app:1 ${imageId}`]);
  });
});
