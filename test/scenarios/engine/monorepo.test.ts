/** Two services in one repository, on real parts. */
import type { BuildRow } from '../../support/slipway.js';
import { openStage, says, succeeded, success, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

const monorepo = { orders: 'services/orders', billing: 'services/billing' };

/** The two differ: the engine makes equal steps of two builds once, and then tells only one of them of its progress. */
async function open(repository: string, settings: object, run = '') {
  const repo = await stage.repo(repository);
  const dockerfile = `FROM ${stage.base}\nCOPY . /srv/\n${run}`;
  const head = await repo.commit({
    files: Object.fromEntries(
      Object.values(monorepo).flatMap((path) => [
        [`${path}/docker/Dockerfile`, dockerfile],
        [`${path}/main.txt`, 'one'],
        [`${path}/name.txt`, path],
      ]),
    ),
  });
  const services = Object.fromEntries(
    Object.entries(monorepo).map(([name, path]) => [
      name,
      { repository, path, image: `${repository}-${name}`, ...settings },
    ]),
  );
  return { repo, head, slipway: await stage.slipway({ services }) };
}

test('a push builds the services that it touches, and says of each other one why it does not', async () => {
  const { repo, head, slipway } = await open('abc/mono', { excludedRegions: ['**/*.md'] });
  const push = async (before: string, files: Record<string, string>) => {
    const after = await repo.commit({ files });
    const decisions = await slipway.push('abc/mono', 'main', { before, after });
    for (const { decision, buildId } of decisions) if (decision === 'build') await success(slipway, buildId);
    const outcomes = decisions.map(({ service, decision, reason }) => [service, decision, reason.code]);
    return { after, decisions, outcomes };
  };
  await slipway.push('abc/mono', 'main', { after: head });
  await slipway.quiet();

  const one = await push(head, { 'services/orders/main.txt': 'two' });
  expect(one.outcomes).toEqual([
    ['orders', 'build', 'included-path-changed'],
    ['billing', 'skip', 'no-included-path-changed'],
  ]);
  expect(one.decisions[0]?.reason).toEqual({
    code: 'included-path-changed',
    message: '1 path of the service changed: services/orders/main.txt (services/orders/**).',
    paths: ['services/orders/main.txt'],
    patterns: ['services/orders/**'],
  });

  const docs = await push(one.after, { 'services/orders/README.md': '', 'services/billing/a.md': '', 'README.md': '' });
  expect(docs.outcomes).toEqual([
    ['orders', 'skip', 'only-excluded-paths-changed'],
    ['billing', 'skip', 'only-excluded-paths-changed'],
  ]);
  const covered = await slipway.get<{ builtCommit: string; digest: string }>(
    `/api/v1/services/orders/image?commit=${docs.after}`,
  );
  expect(covered.builtCommit).toBe(one.after);
  expect((await stage.pushed('abc/mono-orders', 'main')).digest).toBe(covered.digest);

  const both = await push(docs.after, { 'services/orders/main.txt': '3', 'services/billing/docker/start.sh': '' });
  expect(both.outcomes).toEqual([
    ['orders', 'build', 'included-path-changed'],
    ['billing', 'build', 'included-path-changed'],
  ]);
  expect(await slipway.builds()).toHaveLength(5);
}, 120_000);

const spanOf = ({ startedAt, finishedAt }: BuildRow) => [Date.parse(startedAt ?? ''), Date.parse(finishedAt ?? '')];

test('with every push built, builds of a service follow one another in order, and services run side by side', async () => {
  const run = 'ARG SLIPWAY_COMMIT\nRUN sleep 0.3 # $SLIPWAY_COMMIT\n';
  const { repo, head, slipway } = await open('abc/every', { builds: 'every-push' }, run);
  const commits = [head];
  await slipway.push('abc/every', 'main', { after: head });
  for (const content of ['a', 'b', 'c']) {
    const files = Object.fromEntries(Object.values(monorepo).map((path) => [`${path}/main.txt`, content]));
    const after = await repo.commit({ files });
    await slipway.deliver('abc/every', 'main', { before: commits.at(-1) ?? '', after });
    commits.push(after);
  }
  await slipway.quiet();
  const builds = (await slipway.builds()).reverse();
  for (const service of Object.keys(monorepo)) {
    const own = builds.filter((build) => build.service === service);
    expect(own.map(({ commit, status }) => [commit, status])).toEqual(commits.map((commit) => [commit, 'succeeded']));
    const [first, ...spans] = own.map(spanOf);
    spans.reduce((before, span) => {
      expect(span[0]).toBeGreaterThanOrEqual(before?.[1] ?? Number.NaN);
      return span;
    }, first ?? []);
    expect((await stage.pushed(`abc/every-${service}`, 'main')).digest).toBe(own.at(-1)?.image?.digest);
  }
  const [orders = [], billing = []] = builds.slice(0, 2).map(spanOf);
  expect(Math.max(orders[0] ?? 0, billing[0] ?? 0)).toBeLessThan(Math.min(orders[1] ?? 0, billing[1] ?? 0));
}, 120_000);

test('with only the newest built, what waits gives way to it', async () => {
  const run = 'RUN [ "$(cat /srv/main.txt)" != one ] || sleep 60\n';
  const { repo, head, slipway } = await open('abc/latest', { excludedRegions: ['services/billing/**'] }, run);
  const [first] = await slipway.push('abc/latest', 'main', { after: head });
  await says(slipway, first?.buildId ?? null, 'RUN');
  let before = head;
  for (const content of ['a', 'b', 'c']) {
    const after = await repo.commit({ files: { 'services/orders/main.txt': content } });
    await slipway.push('abc/latest', 'main', { before, after });
    before = after;
  }
  await slipway.post(`/api/v1/builds/${first?.buildId}/cancel`);
  for (const { id } of await slipway.builds('&service=billing')) await slipway.post(`/api/v1/builds/${id}/cancel`);
  await slipway.quiet();
  const orders = await slipway.builds('&service=orders');
  expect(orders.map(({ status }) => status)).toEqual(['succeeded', 'superseded', 'superseded', 'canceled']);
  expect([orders[0]?.commit, orders.at(-1)?.id]).toEqual([before, first?.buildId]);
  expect((await stage.pushed('abc/latest-orders', 'main')).digest).toBe(orders[0]?.image?.digest);
}, 120_000);

test('a failure of one service keeps nothing from the other', async () => {
  const { repo, head, slipway } = await open('abc/half', {});
  await slipway.push('abc/half', 'main', { after: head });
  await slipway.quiet();
  const after = await repo.commit({
    files: { 'services/orders/docker/Dockerfile': 'FRUM nothing', 'services/billing/main.txt': 'two' },
  });
  const [orders, billing] = await slipway.push('abc/half', 'main', { before: head, after });
  expect(await slipway.ended(orders?.buildId ?? null)).toMatchObject({
    status: 'failed',
    error: { code: 'dockerfile-invalid', blame: 'dockerfile' },
  });
  await succeeded(slipway, billing ? [billing] : []);
}, 120_000);
