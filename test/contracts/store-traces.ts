import { newDeployment } from './store-deployment-samples.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, claim, delivery, look, newBuild, plan, queue, success, toBuild } from './store-samples.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const other = '00-ffffffffffffffffffffffffffffffff-b7ad6b7169203331-00';

/** The traces that rows belong to. */
export function tracesContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('deliveries and looks keep theirs, and one that joins keeps its own', async () => {
    const { deliveries, looks } = under.store;
    const pushed = look({ trigger: { kind: 'push', deliveryId: 'd1', by: null }, services: null });
    await deliveries.accept(delivery('d1', { traceparent }), { ...pushed, traceparent });
    await deliveries.accept(delivery('d2', { traceparent: other }), { ...pushed, traceparent: other });
    expect(await deliveries.get('d1')).toMatchObject({ traceparent });
    expect(await deliveries.get('d2')).toMatchObject({ traceparent: other, joined: 'd1' });
    expect(await looks.due(1_000, 9, [])).toMatchObject([{ traceparent }]);
  });

  test('a look that comes from another trace keeps what led to it', async () => {
    const { looks, queue: builds } = under.store;
    const { id } = await looks.add(look({ traceLink: traceparent }));
    const running = await begin(under.store);
    await builds.finish(running, success(), 2_000, [look({ traceLink: other })]);
    const due = await looks.due(10_000, 9, []);
    expect(due.map((one) => one.traceLink)).toEqual([traceparent, other]);
    expect(due[0]?.id).toBe(id);
    expect(due[0]).not.toHaveProperty('traceparent');
  });

  test('a build keeps its own when it is put back, and when another push asks for it', async () => {
    const { builds, decisions, queue: running } = under.store;
    const build = newBuild({ traceparent });
    await queue(under.store, build);
    await decisions.record(plan([toBuild(newBuild({ commit: build.commit, traceparent: other }))]), 1_500);
    const claimed = await claim(under.store);
    expect(claimed).toMatchObject({ id: build.id, traceparent });
    if (claimed !== null) await running.putBack(claimed, 0, true);
    expect(await builds.get(build.id)).toMatchObject({ status: 'queued', traceparent });
  });

  test('deployments keep theirs', async () => {
    const { deployments } = under.store;
    const asked = newDeployment(1, { traceparent });
    expect((await deployments.add(asked, 1_000))?.deployment).toMatchObject({ traceparent });
    expect(await deployments.get(asked.id)).toMatchObject({ traceparent });
  });

  test('what belongs to no trace has none', async () => {
    const { deliveries, looks, builds, deployments } = under.store;
    const [build, asked] = [newBuild(), newDeployment(1)];
    await deliveries.accept(delivery('d1'), look());
    await queue(under.store, build);
    await deployments.add(asked, 1_000);
    const rows = [
      await deliveries.get('d1'),
      ...(await looks.due(1_000, 9, [])),
      await builds.get(build.id),
      await deployments.get(asked.id),
    ];
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).not.toHaveProperty('traceparent');
  });
}
