/** A push of a few kilobytes may bring any number of git tags. */
import { compileBranchPattern, isPatternFault } from '../../../src/patterns/pattern.js';
import type { Service } from '../../../src/model/service.js';
import { firstRepositories, MONO, servicesWith } from '../stories/world.js';
import { MemoryStage, SWEEP_MS } from '../../support/memory-stage.js';

const everyTag = compileBranchPattern('v*');

/** Waits for artifacts, so that its tags are decided on and nothing is built. */
function services(): ReadonlyMap<string, Service> {
  const web = servicesWith('first').get('web');
  if (web === undefined || isPatternFault(everyTag)) throw new Error('There is no such service, or pattern.');
  return new Map([['web', { ...web, gitTags: [everyTag], trigger: 'artifact', artifact: 'app.jar' } as const]]);
}

test('new tags are recorded a hundred at a time', async () => {
  const repositories = firstRepositories();
  const together: number[] = [];
  const stage = await MemoryStage.open({
    repositories,
    central: 'abc/dockerfiles',
    services,
    watched: (store) => ({
      ...store,
      decisions: {
        ...store.decisions,
        record(plan, now) {
          together.push(plan.decisions.filter(({ decision }) => decision.branch.startsWith('refs/tags/')).length);
          return store.decisions.record(plan, now);
        },
      },
    }),
  });
  const sweep = async () => {
    stage.pass(SWEEP_MS + 60_000);
    await stage.quiet();
  };
  await stage.start();
  await sweep();
  const repository = repositories.get(MONO);
  const names = Array.from({ length: 230 }, (_, at) => `v1.${at}`);
  for (const name of names) repository?.tags.set(name, repository.heads.get('main') ?? '');
  await sweep();
  expect(together.filter((count) => count > 0)).toEqual([100, 100, 30]);
  await sweep();
  const decided = await stage.store.decisions.branches('web');
  expect(decided.filter((branch) => branch.startsWith('refs/tags/'))).toEqual(
    names.map((name) => `refs/tags/${name}`).sort(),
  );
  expect(together.filter((count) => count > 0)).toHaveLength(3);
  await stage.close();
});
