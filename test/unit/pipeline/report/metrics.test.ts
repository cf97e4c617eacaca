import { setTimeout } from 'node:timers/promises';
import { createMetrics } from '../../../../src/pipeline/report/metrics.js';
import { version } from '../../../../src/version.js';
import type { OwnContainer } from '../../../../src/model/observation.js';
import { ownContainer } from '../../../support/observed.js';
import type { SetAside } from '../../../../src/store/contract.js';

const target = { service: 'app', branch: 'main', commit: 'a'.repeat(40) };
const setAside: SetAside = {
  id: 1,
  kind: 'build',
  at: 1,
  repository: 'abc/app',
  ref: null,
  target,
  deliveryId: null,
  buildId: 'b1',
};
const source = (setAsides: readonly SetAside[] = []) => ({
  housekeeping: { load: async () => ({ queued: 3, running: 1, pausedUntil: null }) },
  setAsides: { all: async () => setAsides },
});

const none = { observations: () => [], pending: async () => [] };

describe('metrics', () => {
  test('count what was recorded, and ask for the queue when they are read', async () => {
    const metrics = createMetrics(source());
    metrics.reload('refused');
    metrics.webhook('accepted');
    metrics.webhook('accepted');
    metrics.decision('skip', 'no-change');
    metrics.build('succeeded', 'reused', 3);
    metrics.build('canceled', null, null);
    metrics.sweepRecovered('refused');
    metrics.sweepRecovered('refused');
    metrics.misread();
    metrics.deployment('production', 'rolled-back');
    const text = await metrics.render();
    expect(text).toContain('slipway_config_reloads_total{result="refused"} 1');
    for (const line of [
      'slipway_webhooks_total{status="accepted"} 2',
      'slipway_decisions_total{decision="skip",code="no-change"} 1',
      'slipway_builds_total{status="succeeded",outcome="reused"} 1',
      'slipway_builds_total{status="canceled",outcome="none"} 1',
      'slipway_build_seconds_count{status="succeeded",outcome="reused"} 1',
      'slipway_build_seconds_bucket{le="5",status="succeeded",outcome="reused"} 1',
      `slipway_build_info{version="${version}"} 1`,
      'slipway_queue_length{state="queued"} 3',
      'slipway_queue_length{state="running"} 1',
      'slipway_sweep_recovered_total{fault="refused"} 2',
      'slipway_misreads_total 1',
      'slipway_deployments_total{environment="production",outcome="rolled-back"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toContain('slipway_build_seconds_count{status="canceled"');
  });

  test('say which hosts answer, and nothing of those that were not asked', async () => {
    const host = { environment: 'production', since: 0, why: null, seen: null };
    const hosts = [
      { ...host, host: 'a', reachable: true },
      { ...host, host: 'b', reachable: false },
      { ...host, host: 'c', reachable: null },
    ];
    const lines = (await createMetrics(source(), { ...none, observations: () => hosts }).render()).split('\n');
    expect(lines.filter((line) => line.startsWith('slipway_host_reachable{'))).toEqual([
      'slipway_host_reachable{environment="production",host="a"} 1',
      'slipway_host_reachable{environment="production",host="b"} 0',
    ]);
  });

  test('count what has drifted, and how often the engine has restarted what runs', async () => {
    const own = (restarts: number, over: Partial<OwnContainer> = {}) => {
      const container = ownContainer(over);
      return { ...container, state: { ...container.state, restarts } };
    };
    const stopped = ownContainer({ state: { ...ownContainer().state, status: 'exited', restarts: 9 } });
    const host = { environment: 'production', reachable: true, since: 0, why: null };
    const seen = { at: 1, own: [stopped, own(3), own(0, { service: 'other' })], foreign: [] };
    const observations = () => [
      { ...host, host: 'a', seen },
      { ...host, host: 'b', reachable: false, seen },
    ];
    const drifted = async () => [{ environment: 'production', service: 'app', host: 'a', count: 2 }];
    const metrics = createMetrics(source(), { ...none, observations, drifted });
    await metrics.render();
    const lines = (await metrics.render())
      .split('\n')
      .filter((line) => /^slipway_(drifted|container_restarts)/.test(line));
    const on = (service: string) => `environment="production",service="${service}",host="a"`;
    expect(lines.toSorted()).toEqual(
      [
        `slipway_container_restarts_total{${on('other')}} 0`,
        `slipway_container_restarts_total{${on(stopped.service)}} 3`,
        `slipway_drifted{${on('app')}} 2`,
      ].toSorted(),
    );
  });

  test('count what the next deployment changes', async () => {
    const counts = [{ environment: 'production', service: 'web', count: 3 }];
    const text = await createMetrics(source(), { ...none, pending: async () => counts }).render();
    expect(text.split('\n')).toContain('slipway_pending_changes{environment="production",service="web"} 3');
  });

  test('name what is set aside', async () => {
    const look: SetAside = { ...setAside, kind: 'look', ref: 'refs/heads/main', target: null, buildId: null };
    const metrics = createMetrics(source([setAside, look]));
    metrics.setAside('look');
    const text = await metrics.render();
    for (const line of [
      'slipway_set_aside_total{kind="look"} 1',
      'slipway_set_aside{kind="build",repository="abc/app",service="app",branch="main"} 1',
      'slipway_set_aside{kind="look",repository="abc/app",service="",branch="refs/heads/main"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('say how late the event loop was since they were last read, and nothing of earlier delays', async () => {
    const metrics = createMetrics(source());
    const lag = async () =>
      Number(/^slipway_event_loop_lag_seconds (\S+)$/m.exec(await metrics.render())?.[1] ?? 'missing');
    await setTimeout(50);
    const until = performance.now() + 1_000;
    while (performance.now() < until);
    await setTimeout(50);
    expect(await lag()).toBeGreaterThan(0.9);
    await setTimeout(50);
    expect(await lag()).toBeLessThan(0.9);
  });

  test('of two servers are apart', async () => {
    createMetrics(source()).webhook('pong');
    expect(await createMetrics(source()).render()).not.toContain('pong');
  });
});

test('what does not stay up is 1 on each of its hosts, as long as it is known', async () => {
  const all = [{ environment: 'production', service: 'web', hosts: ['a', 'b'] }];
  const text = await createMetrics(source(), { ...none, restless: () => all }).render();
  expect(text.split('\n').filter((line) => line.startsWith('slipway_does_not_stay_up{'))).toEqual([
    'slipway_does_not_stay_up{environment="production",service="web",host="a"} 1',
    'slipway_does_not_stay_up{environment="production",service="web",host="b"} 1',
  ]);
});
