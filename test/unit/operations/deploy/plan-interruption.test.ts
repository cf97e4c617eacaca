import { verified } from '../../../contracts/store-deployment-samples.js';
import { head, live } from '../../../contracts/store-samples.js';
import { must } from '../../../support/app.js';
import { nothing, openDeploying, ticket } from '../../../support/deploying.js';

test('a plan shows the last interruption that was measured', async () => {
  const under = await openDeploying();
  await under.release(head('a'));
  const { deployments } = under.store;
  const { id } = await under.deploying.deploy(ticket({ release: 1 }), null);
  await live(under.store, 'w');
  const claimed = must(await deployments.claim(id, 'w', 6000));
  const steps = ['replace: another container runs in its place', 'verify: it has just started'].map((name, at) => ({
    ...{ name, host: 'a', startedAt: 6000 + at * 700, finishedAt: 9000 },
  }));
  await deployments.progress(claimed, { steps });
  await deployments.finish(claimed, verified, 9000);
  const target = { ...nothing, release: 1 };
  const { hosts } = await under.deploying.plan({ service: 'web', environment: 'production', target, force: false });
  expect(hosts.map(({ interruptionSeconds }) => interruptionSeconds)).toEqual([0.7, 0.7]);
  await under.close();
});
