/** An image that an attempt finished and could not push is kept for the next one, as long as that is to make the same. */
import { MemoryStage } from '../../support/memory-stage.js';
import { CENTRAL, dockerfile, firstRepositories, MONO, servicesWith } from './world.js';

const services = new Map([...servicesWith('first')].filter(([name]) => name === 'tool'));

test('an image of other inputs is not taken for that of an attempt that began after it and finished nothing', async () => {
  const repositories = firstRepositories();
  const watched = <Part>(store: Part): Part => store;
  const stage = await MemoryStage.open({ repositories, central: CENTRAL, services: () => services, watched });
  await stage.start();
  await stage.quiet();
  const mono = repositories.get(MONO);
  const before = mono?.heads.get('main') ?? '';
  const after = mono?.commit({ 'tool/a.txt': '1' }) ?? '';
  stage.wire.faults = [{ call: 'engine.push', code: 'registry-unavailable' }];
  await stage.hear({ id: `delivery-${after}`, repository: MONO, ref: 'refs/heads/main', before, after });
  await stage.rest();
  expect(await stage.store.builds.newest('tool', 'main')).toMatchObject({ status: 'queued', attempt: 1 });

  const other = dockerfile('tool', 'other');
  repositories.get(CENTRAL)?.commit({ 'tool/Dockerfile': other });
  stage.wire.faults = [{ call: 'engine.build', code: 'engine-unavailable' }];
  await stage.quiet();
  expect(await stage.store.builds.newest('tool', 'main')).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect([...(stage.fakes.behind('tool', 'main')?.files.values() ?? [])]).toContain(other);
  await stage.close();
});
