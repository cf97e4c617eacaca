import { createMetrics } from '../src/metrics.js';

const load = async () => ({ queued: 3, running: 1 });

describe('metrics', () => {
  test('count what was recorded, and ask for the queue when they are read', async () => {
    const metrics = createMetrics({ load });
    metrics.webhook('accepted');
    metrics.webhook('accepted');
    metrics.decision('skip', 'no-change');
    metrics.build('succeeded', 'reused', 3);
    metrics.build('canceled', null, null);
    metrics.sweepRecovered('refused');
    metrics.sweepRecovered('refused');
    const text = await metrics.render();
    for (const line of [
      'slipway_webhooks_total{status="accepted"} 2',
      'slipway_decisions_total{decision="skip",code="no-change"} 1',
      'slipway_builds_total{status="succeeded",outcome="reused"} 1',
      'slipway_builds_total{status="canceled",outcome="none"} 1',
      'slipway_build_seconds_count{status="succeeded",outcome="reused"} 1',
      'slipway_build_seconds_bucket{le="5",status="succeeded",outcome="reused"} 1',
      'slipway_queue_length{state="queued"} 3',
      'slipway_queue_length{state="running"} 1',
      'slipway_sweep_recovered_total{fault="refused"} 2',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toContain('slipway_build_seconds_count{status="canceled"');
  });

  test('of two servers are apart', async () => {
    createMetrics({ load }).webhook('pong');
    expect(await createMetrics({ load }).render()).not.toContain('pong');
  });
});
