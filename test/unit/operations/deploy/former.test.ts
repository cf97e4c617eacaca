/** Plans of a service that has another name. */
import { lookAtHost } from '../../../../src/pipeline/observe/look-at-host.js';
import { takeOverNames } from '../../../../src/server/former-names.js';
import { createSharedLock } from '../../../../src/shared-lock.js';
import { build } from '../../../contracts/store-release-samples.js';
import { must } from '../../../support/app.js';
import { createFakeHost } from '../../../support/fake-host.js';
import { digestOf, nothing, openDeploying, ticket, type TestDeploying } from '../../../support/deploying.js';
import { keptRunFile } from '../../../support/effective.js';
import { keptLog } from '../../../support/kept-log.js';
import { runOwn, testLabels } from '../../../support/own-containers.js';

let under: TestDeploying;
beforeEach(async () => {
  under = await openDeploying({ deploy: 'formerly: old' });
});
afterEach(() => under.close());

const commit = 'a'.repeat(40);
const runFile = keptRunFile('services:\n  web:\n    volumes: ["data:/data"]\nvolumes:\n  data:\n');
const takeOver = () =>
  takeOverNames(under.deps.services(), { ...under, labels: testLabels, names: createSharedLock(), log: keptLog() });
const plan = (release: number) =>
  under.deploying.plan({ service: 'web', environment: 'production', target: { ...nothing, release }, force: false });

test('keeps the volumes of the first name, so that nothing is lost', async () => {
  await build(under.store, { service: 'old', commit, digest: digestOf(commit), file: runFile });
  await takeOver();
  const { id } = await under.ends(await under.deploying.deploy(ticket({ release: 1 }), null));
  const { parameters } = must(await under.store.deployments.specification(id));
  expect(parameters.mounts).toMatchObject([{ source: 'old.production.data', target: '/data' }]);
});

test('shows what the containers with the former name run', async () => {
  await build(under.store, { service: 'old', commit, digest: digestOf(commit), file: runFile });
  await takeOver();
  const newer = await under.release('b'.repeat(40), { runFile });
  const { id } = await under.ends(await under.deploying.deploy(ticket({ release: 1 }), null));
  const kept = must(await under.store.deployments.specification(id));
  for (const name of ['a', 'b']) {
    const host = createFakeHost({ name });
    await runOwn(host, { service: 'old', deployment: id, spec: under.deps.specOn(kept, name) });
    const seen = await lookAtHost(host, 'production', { labels: testLabels, expected: null });
    under.observations.note('production', name, { seen });
  }
  const actions = async (release: number) => (await plan(release)).hosts.map(({ action }) => action);
  expect([newer, await actions(1), await actions(newer)]).toEqual([2, ['none', 'none'], ['replace', 'replace']]);
});
