import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../src/system-clock.js';
import { newTrace } from '../../../src/trace-context.js';
import { createOtlpSink } from '../../../src/tracing/otlp.js';
import { keptLog } from '../../support/kept-log.js';

// Milliseconds for all attempts.
beforeEach(() => void (process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '500'));
afterEach(() => void delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT']);

test('a collector that never answers keeps neither spans without bound nor the end of the server', async () => {
  let asked = 0;
  const server = createServer((request) => {
    asked += 1;
    request.resume();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const slept: number[] = [];
  const clock = {
    ...systemClock,
    sleep: async (ms: number) => void slept.push(ms),
  };
  const sink = createOtlpSink({ url: `http://127.0.0.1:${port}/v1/traces`, delay: 1, clock, log: keptLog() });
  for (let count = 0; count < 100_000; count += 1)
    sink.add({
      ...{ context: newTrace(), parent: null, kind: 'internal', name: 'x', from: 1, to: 2, attributes: {} },
      ...{ error: null, links: [] },
    });
  await sink.close();
  expect(slept).toEqual([2_000]);
  // One that is under way, and what may wait: eight times 512.
  await new Promise((done) => setTimeout(done, 100));
  expect(asked).toBeLessThanOrEqual(9);
  expect(asked).toBeGreaterThan(0);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
