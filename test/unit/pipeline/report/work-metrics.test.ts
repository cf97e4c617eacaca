import { Registry } from 'prom-client';
import { createWorkMetrics } from '../../../../src/pipeline/report/work-metrics.js';

const step = (name: string, kind: 'slipway' | 'dockerfile', startedAt: number, finishedAt: number | null) => ({
  ...{ name, kind, startedAt, finishedAt },
  ...{ cached: false, reused: false, line: null, dockerfile: null },
});

test('waits begin when a build may, and each step that every build has is counted apart', async () => {
  const registry = new Registry();
  const metrics = createWorkMetrics(registry);
  const steps = [step('fetch', 'slipway', 9_000, 9_400), step('[1/2] FROM a', 'dockerfile', 9_000, 9_500)];
  const error = {
    code: 'dockerfile-not-found',
    message: '',
    step: null,
    stepIndex: null,
    blame: 'dockerfile',
  } as const;
  metrics.work({ queuedAt: 0, notBefore: 5_000, startedAt: 9_000, steps, error });
  metrics.work({
    queuedAt: 0,
    notBefore: 0,
    startedAt: 7_000,
    steps: [step('build', 'slipway', 1, null)],
    error: null,
  });
  metrics.work({ queuedAt: 0, notBefore: 0, startedAt: null, steps: [], error: null });
  metrics.decided(2);
  metrics.logged(40);
  metrics.logged(2);
  const text = (await registry.metrics()).split('\n');
  for (const line of [
    'slipway_queue_wait_seconds_sum 11',
    'slipway_queue_wait_seconds_count 2',
    'slipway_step_seconds_sum{step="fetch"} 0.4',
    'slipway_webhook_lag_seconds_sum 2',
    'slipway_log_bytes_total 42',
    'slipway_build_failures_total{blame="dockerfile"} 1',
  ])
    expect(text).toContain(line);
  expect(text.join('\n')).not.toContain('FROM a');
});

test('how many services are up to date, what waits and how full the disk is, is asked at each scrape', async () => {
  const registry = new Registry();
  let services: readonly string[] = [];
  createWorkMetrics(registry).watch({
    overview: { answer: async () => ({ counts: { upToDate: 1 }, services }) },
    waits: async () => services.map(() => ({ code: 'engine-unavailable' })),
    disk: async () => ({ free: 100, floor: 7 }),
  });
  expect(await registry.metrics()).toContain('slipway_up_to_date_ratio 1\n');
  services = ['a', 'b', 'c', 'd'];
  expect(await registry.metrics()).toContain('slipway_up_to_date_ratio 0.25\n');
  const text = await registry.metrics();
  expect(text).toContain('slipway_waiting{code="engine-unavailable"} 4\n');
  expect(text).toContain('slipway_disk_free_bytes 100\n');
  expect(text).toContain('slipway_disk_floor_bytes 7\n');
});
