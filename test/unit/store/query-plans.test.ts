import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledQuery, Kysely } from 'kysely';
import Libsql from 'libsql';
import type { Store } from '../../../src/store/contract.js';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { createStore } from '../../../src/store/open-store.js';
import type { OpenedDatabase } from '../../../src/store/dialect.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import {
  artifact,
  auditEntry,
  claim,
  delivery,
  head,
  image,
  look,
  newBuild,
  plan,
  queue,
  runFile,
  success,
  tag,
  toSkip,
} from '../../contracts/store-samples.js';
import { go, newDeployment } from '../../contracts/store-deployment-samples.js';

let dataDir: string;
let opened: OpenedDatabase;
let store: Store;
let statements: CompiledQuery[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  opened = openSqlite(dataDir, (event) => void statements.push(event.query));
  await migrate(opened.db as Kysely<unknown>, migrations, opened.columns, 1);
  store = createStore(opened, 1000, { now: () => 1 });
});
afterAll(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** On a connection of its own: explaining an UPDATE leaves the driver's statement open, and that keeps its connection from committing. */
function explain(sql: string, parameters: unknown[]): readonly { detail: string }[] {
  const connection = new Libsql(join(dataDir, 'slipway.db'));
  try {
    return connection.prepare(sql).all(parameters) as { detail: string }[];
  } finally {
    connection.close();
  }
}

/** Lines of SQLite's plans in which it would read a whole table, or sort what no index has in order. `wanted` is what a statement brings along. */
async function slowParts(calls: (store: Store) => Promise<unknown>): Promise<readonly string[]> {
  statements = [];
  await calls(store);
  const slow = new Set<string>();
  for (const { sql, parameters } of statements) {
    if (!/^(with|select|update|delete)/.test(sql)) continue;
    const rows = explain(`explain query plan ${sql}`, [...parameters]);
    const hasNoCondition = !sql.includes(' where ');
    for (const { detail } of rows) {
      const isSlow = /^SCAN (?!.* USING |wanted$|\d+ CONSTANT ROWS$)|TEMP B-TREE/.test(detail);
      if (isSlow && !hasNoCondition) slow.add(`${detail}: ${sql}`);
    }
  }
  expect(statements.length).toBeGreaterThan(0);
  return [...slow];
}

const about = { service: 'app', branch: 'main', commit: head('b'), buildId: 'b', ofHead: true };
const release = { ...about, image: image(), runFile: runFile('hash') };
const attempt = { id: 'b', claim: 1 };
const drifted = { service: 'app', branch: 'main', commit: head('a'), rules: 'r' };
const branches = ['app', 'other', 'third'].map((service) => ({ service, branch: 'main' }));
const pair = { environment: 'production', service: 'app' };
const followed = {
  ...{ deployment: newDeployment(9), mark: { ...pair, branch: 'main', number: 9 }, newest: null, error: null },
};
const all = { limit: 10, cursor: null };
/** A filter is asked for by its first page: the next one could be read by its numbers, whatever index is there. */
const next = { limit: 10, cursor: 'OTk5' };

test.each<[string, (store: Store) => Promise<unknown>]>([
  ['accepting a delivery', ({ deliveries }) => deliveries.accept(delivery('d1'), look())],
  ['reading a delivery', ({ deliveries }) => deliveries.get('d1')],
  ['the first page of deliveries', ({ deliveries }) => deliveries.page(all)],
  ['the next page of deliveries', ({ deliveries }) => deliveries.page(next)],
  ['deliveries of a repository', ({ deliveries }) => deliveries.page({ ...all, repository: 'abc/app' })],
  ['deliveries by status', ({ deliveries }) => deliveries.page({ ...all, status: 'failed' })],
  ['deliveries by commit', ({ deliveries }) => deliveries.page({ ...all, commit: head('a') })],
  ['deliveries of a commit', ({ deliveries }) => deliveries.ofCommit(head('a'))],
  ['when repositories were heard of', ({ deliveries }) => deliveries.heard(['abc/a', 'abc/b'])],
  ['noting a moment', ({ moments }) => moments.note('sweep', 1)],
  ['the first page of the ledger', ({ ledger }) => ledger.page(all)],
  ['the ledger of a repository', ({ ledger }) => ledger.page({ ...all, repository: 'abc/app', services: ['a', 'b'] })],
  ['the ledger of a commit', ({ ledger }) => ledger.page({ ...all, commit: head('a') })],
  ['what was built in the ledger', ({ ledger }) => ledger.page({ ...all, result: 'built' })],
  ['what was not built in the ledger', ({ ledger }) => ledger.page({ ...all, result: 'nothing' })],
  ['what waits in the ledger', ({ ledger }) => ledger.page({ ...all, result: 'waiting' })],
  ['what failed in the ledger', ({ ledger }) => ledger.page({ ...all, result: 'failed' })],
  ['settling a delivery', ({ deliveries }) => deliveries.settle('d1', 'failed', null)],
  ['the warnings of a delivery', ({ deliveries }) => deliveries.warn('d1', [])],
  ['looks that are due', ({ looks }) => looks.due(1, 10, [])],
  ['looks that are due but of some repositories', ({ looks }) => looks.due(1, 10, ['abc/a', 'abc/b'])],
  ['when the next look is due', ({ looks }) => looks.nextDueAt([1, 2])],
  ['what looks of deliveries wait for', ({ looks }) => looks.waiting(['d1', 'd2'])],
  ['postponing a look', ({ looks }) => looks.postpone(1, 2)],
  ['marking looks', ({ inHand }) => inHand.takeLooks([1, 2], 'w')],
  ['what a look is at', ({ inHand }) => inHand.reach(1, null)],
  ['marking builds', ({ inHand }) => inHand.takeBuilds(['b'], 'w')],
  ['taking marks back', ({ inHand }) => inHand.free({ looks: [1], builds: ['b'] })],
  ['joining and leaving', async ({ workers }) => [await workers.join('w2'), await workers.leave('w2')]],
  ['looks of the sweep', ({ looks }) => looks.isSwept('abc/app')],
  ['where something has died', ({ setAsides }) => setAsides.touched()],
  ['the oldest suspect', ({ setAsides }) => setAsides.suspect(1, ['abc/a'])],
  ['what has died for the last time', ({ setAsides }) => setAsides.fatal('w')],
  ['forgetting what was set aside', ({ setAsides }) => setAsides.forget([1])],
  ['ending a look', ({ looks }) => looks.done(1)],
  ['decisions of a delivery', ({ decisions }) => decisions.ofDelivery('d1')],
  ['the newest decision', ({ decisions }) => decisions.newest('app', 'main')],
  ['the first page of decisions', ({ decisions }) => decisions.page(all)],
  ['one decision', ({ decisions }) => decisions.page({ ...all, service: 'app', commit: head('a'), id: 1 })],
  ['decisions of a service', ({ decisions }) => decisions.page({ ...all, service: 'app' })],
  ['decisions of a branch', ({ decisions }) => decisions.page({ ...all, branch: 'main' })],
  ['decisions of a service and branch', ({ decisions }) => decisions.page({ ...all, service: 'app', branch: 'main' })],
  ['decisions about a commit', ({ decisions }) => decisions.page({ ...all, commit: head('a') })],
  ['the last decisions', ({ decisions }) => decisions.last(10)],
  ['the branches of a service', ({ decisions }) => decisions.branches('app')],
  ['those who stand on an image', ({ bases }) => bases.standingOn(['registry.test/base:main'])],
  ['what a branch stands on', ({ bases }) => bases.under('app', 'main')],
  ['the tags that a sweep has seen', ({ seenTags }) => seenTags.of('abc/app')],
  ['remembering them', ({ seenTags }) => seenTags.remember('abc/app', new Map())],
  ['what is known of a Dockerfile', ({ misreads }) => misreads.of({ service: 'app', dockerfile: 'd' })],
  ['noting it', ({ misreads }) => misreads.note({ service: 'app', dockerfile: 'd' }, 'a', 1)],
  ['recording a plan', (of) => queue(of, newBuild())],
  ['reading a build', ({ builds }) => builds.get('b')],
  ['the first page of builds', ({ builds }) => builds.page(all)],
  ['builds of a service', ({ builds }) => builds.page({ ...all, service: 'app' })],
  ['builds of a branch', ({ builds }) => builds.page({ ...all, branch: 'main' })],
  ['builds of a service and branch', ({ builds }) => builds.page({ ...all, service: 'app', branch: 'main' })],
  ['builds of a repository', ({ builds }) => builds.page({ ...all, repository: 'abc/app' })],
  ['builds of a commit', ({ builds }) => builds.page({ ...all, commit: head('a') })],
  ['builds by status', ({ builds }) => builds.page({ ...all, status: 'failed' })],
  ['builds of a service by status', ({ builds }) => builds.page({ ...all, service: 'app', status: 'failed' })],
  [
    'builds of a service and branch by status',
    ({ builds }) => builds.page({ ...all, service: 'app', branch: 'main', status: 'failed' }),
  ],
  ['the baseline', ({ builds }) => builds.baseline('app', 'main')],
  ['the newest build', ({ builds }) => builds.newest('app', 'main')],
  ['the newest build of a commit', ({ builds }) => builds.newest('app', 'main', head('a'))],
  ['the build that succeeded', ({ builds }) => builds.succeeded('app', head('a'))],
  ['region drift of a service', ({ regionDrifts }) => regionDrifts.of('app')],
  ['region drift that is gone', ({ regionDrifts }) => regionDrifts.note({ ...drifted, drift: [] })],
  ['what is new for an overview', ({ overview }) => overview.since({ build: 1, decision: 1 })],
  ['builds in flight', ({ overview }) => overview.inFlight()],
  ['builds of branches that have ended', ({ overview }) => overview.ended(branches, 20)],
  ['those that succeeded', ({ overview }) => overview.ended(branches, 5, 'succeeded')],
  ['decisions of branches that there was nothing to build', ({ overview }) => overview.skips(branches, 20)],
  ['the newest decisions of branches', ({ overview }) => overview.decided(branches)],
  ['the images of branches', ({ overview }) => overview.images(branches)],
  ['why builds were made', ({ overview }) => overview.details(['b', 'c'])],
  ['a heartbeat', ({ workers }) => workers.heartbeat('w')],
  ['how long an attempt is owned', (of) => of.queue.owned(attempt)],
  ['what a build learns', (of) => of.queue.progress(attempt, { wasHead: true })],
  ['a step', (of) => of.queue.steps(attempt, [{ name: 'push', startedAt: 1 }])],
  ['the end of a step', (of) => of.queue.steps(attempt, [{ name: 'push', finishedAt: 1 }])],
  ['a release', ({ releases }) => releases.get('app', 1)],
  ['the first page of releases', ({ releases }) => releases.page({ ...all, service: 'app' })],
  ['the next page of releases', ({ releases }) => releases.page({ ...next, service: 'app' })],
  ['the newest release', ({ releases }) => releases.newest('app', 'main')],
  ['the release that covers a commit', ({ releases }) => releases.covering('app', 'main', head('a'))],
  ['releases that cover a commit on any branch', ({ releases }) => releases.coveringStart('app', 'aaaaaaa')],
  ['releases by the tag of their image', ({ releases }) => releases.tagged('app', '1.0')],
  ['the newest release of a digest', ({ releases }) => releases.newestOfDigest('app', 'sha256:1')],
  ['a number that was seen', ({ releases }) => releases.numberSeen('app', 1)],
  ['the texts of a run file', ({ releases }) => releases.texts('hash')],
  ['adopting a baseline', ({ releases }) => releases.adopt(release, 1, true)],
  ['releases of skips', ({ decisions }) => decisions.record(plan([{ ...toSkip(), release }]), 1)],
  ['a deployment', ({ deployments }) => deployments.get('d')],
  ['asking for a deployment', ({ deployments }) => deployments.add(newDeployment(1), 1)],
  ['asking for a rollback', ({ deployments }) => deployments.add(newDeployment(1, { kind: 'rollback' }), 1)],
  ['the first page of deployments', ({ deployments }) => deployments.page(all)],
  ['the next page of deployments', ({ deployments }) => deployments.page(next)],
  ['deployments of a service', ({ deployments }) => deployments.page({ ...all, service: 'app' })],
  ['deployments of an environment', ({ deployments }) => deployments.page({ ...all, environment: 'production' })],
  ['deployments of a pair', ({ deployments }) => deployments.page({ ...all, ...pair })],
  ['how services stand', ({ deployments }) => deployments.standings([pair, { ...pair, service: 'web' }])],
  ['deployments by status', ({ deployments }) => deployments.page({ ...all, status: 'failed' })],
  ['deployments of a pair by status', ({ deployments }) => deployments.page({ ...all, ...pair, status: 'failed' })],
  ['unfinished deployments', ({ deployments }) => deployments.unfinished()],
  ['the newest deployment of releases', ({ deployments }) => deployments.newestOf('production', 'app', [1, 2])],
  ['claiming a deployment', ({ deployments }) => deployments.claim('d', 'w', 1)],
  ['how long an attempt to deploy is owned', ({ deployments }) => deployments.owned(attempt)],
  ['what a deployment learns', ({ deployments }) => deployments.progress(attempt, {})],
  ['the log of a deployment', ({ deployments }) => deployments.log(attempt, 'text')],
  ['the chunks of the log of a deployment', ({ deployments }) => deployments.logChunks('d', 3)],
  ['reading the log of a deployment', ({ deployments }) => deployments.readLog('d', 3)],
  ['cancelling a deployment', ({ deployments }) => deployments.cancel('d', 1)],
  ['ending a deployment', ({ deployments }) => deployments.end('d', null, 1)],
  ['what is desired', ({ deployments }) => deployments.desired('production', 'app')],
  ['what is desired in an environment', ({ deployments }) => deployments.allDesired('production')],
  ['what was desired before', ({ deployments }) => deployments.before('production', 'app')],
  ['asking for a followed release', ({ follows }) => follows.ask(followed, 1)],
  ['settling a release', ({ follows }) => follows.note(followed.mark)],
  ['the newest releases of heads', ({ follows }) => follows.newest('main', ['app', 'other'], null)],
  ['the newest releases that were verified', ({ follows }) => follows.newest('main', ['app', 'other'], 'staging')],
  ['verdicts', ({ deployments }) => deployments.verdicts('app', [1, 2])],
  ['the end of a build', (of) => of.queue.finish(attempt, success(), 1, [])],
  ['putting a build back', (of) => of.queue.putBack(attempt, 1, true)],
  ['cancelling', ({ housekeeping }) => housekeeping.cancel('b', 1)],
  ['recovery', ({ housekeeping }) => housekeeping.recover('w')],
  ['an idempotent call', ({ housekeeping }) => housekeeping.once('k', 'r', 'b')],
  ['the load', ({ housekeeping }) => housekeeping.load()],
  ['cleaning', ({ housekeeping }) => housekeeping.clean(1)],
  ['forgetting deliveries', ({ housekeeping }) => housekeeping.forgetDeliveries(2e12)],
  ['forgetting decisions', ({ housekeeping }) => housekeeping.forgetDecisions(2e12)],
  ['forgetting deployments', ({ housekeeping }) => housekeeping.forgetDeployments(2e12)],
  ['forgetting the audit list', ({ housekeeping }) => housekeeping.forgetAudit(2e12)],
  ['an entry of the audit list', ({ audit }) => audit.add(auditEntry())],
  ['the first page of the audit list', ({ audit }) => audit.page(all)],
  ['the next page of the audit list', ({ audit }) => audit.page(next)],
  ['the audit list of a token', ({ audit }) => audit.page({ ...all, by: 'jenkins' })],
  ['the audit list since a time', ({ audit }) => audit.page({ ...all, since: 1 })],
  ['the audit list of a token since a time', ({ audit }) => audit.page({ ...all, by: 'jenkins', since: 1 })],
  ['text of a step', ({ logs }) => logs.append(attempt, 'text', { at: 1, step: 0, opens: true })],
  ['the chunks of a log', ({ logs }) => logs.chunks('b', 3)],
  ['the Dockerfile of a build', ({ builds }) => builds.dockerfile('b')],
  ['reading a log', ({ logs }) => logs.read('b', 3)],
  ['commits with artifacts', ({ artifacts }) => artifacts.commits('app')],
  ['the artifact of a commit', ({ artifacts }) => artifacts.ofCommit('app', 'c')],
  ['an artifact', async ({ artifacts }) => [await artifacts.add(artifact('a')), await artifacts.get('a')]],
  ['old artifacts', ({ artifacts }) => artifacts.olderThan(1)],
  ['removing artifacts', ({ artifacts }) => artifacts.remove(['a1', 'a2'])],
  ['images by fingerprint', ({ images }) => images.withFingerprint('app', 'f')],
  ['a tag', async ({ tags }) => [await tags.put(tag('1.0')), await tags.get('app', '1.0')]],
  ['the tag of an owner', ({ tags }) => tags.ownedBy('app', 'branch', 'main')],
  ['tags of a digest', ({ tags }) => tags.pointingAt('app', 'sha256:1')],
  ['giving a tag up', ({ tags }) => tags.release('app', '1.0')],
])('%s is answered from an index', async (_name, calls) => {
  expect(await slowParts(calls)).toEqual([]);
});

test('the end of a build whose image is known from then on is answered from an index', async () => {
  await queue(store, newBuild({ service: 'with image' }));
  const build = (await claim(store)) ?? attempt;
  const slow = await slowParts(async (of) =>
    expect(await of.queue.finish(build, success(image(), 'f'), 1, [])).toBe(true),
  );
  expect(slow).toEqual([]);
});

test('the end of deployments and a rollback are answered from an index', async () => {
  const slow = await slowParts(async (of) => {
    for (const number of [1, 2]) await go(of, number, 'deployment', { service: 'with releases' });
    await go(of, 1, 'rollback', { service: 'with releases' });
    expect(await of.deployments.before('production', 'with releases')).toEqual([]);
  });
  expect(slow).toEqual([]);
});

test('only the queued builds are sorted to find what is waited for', async () => {
  const slow = await slowParts(({ housekeeping }) => housekeeping.waits(1, 10));
  expect(slow).toEqual([expect.stringMatching(/FOR ORDER BY: select .* from "builds" where "status" = /)]);
});

test('only the decisions about one commit are sorted to find the one that covers it', async () => {
  const slow = await slowParts(({ decisions }) => decisions.covering('app', head('a')));
  expect(slow).toEqual([
    expect.stringContaining('FOR ORDER BY: select * from "decisions" where "service" = ? and "head" = ?'),
  ]);
});

test('a claim reads the queue in order, what the queued builds stand on, and the looks that are yet to come', async () => {
  const slow = await slowParts((of) => of.queue.claim('w'));
  expect(slow.map((line) => line.split(':')[0])).toEqual(['SCAN above', 'SCAN coming']);
});
