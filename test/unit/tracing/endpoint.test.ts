import { delayOf, endpointOf } from '../../../src/tracing/endpoint.js';

const url = (path: string) => ({ url: `http://collector.test:4318${path}` });

test.each([
  [{}, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318' }, url('/v1/traces')],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318/otlp/' }, url('/otlp/v1/traces')],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector.test:4318/own' }, url('/own')],
  [
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other.test',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector.test:4318/',
    },
    url('/'),
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318', OTEL_SDK_DISABLED: 'TRUE' }, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318', OTEL_TRACES_EXPORTER: 'none' }, null],
])('%j', (env, endpoint) => {
  expect(endpointOf(env)).toEqual(endpoint);
});

test.each(['collector.test:4318', 'what', 'unix:///run/collector.sock', 'http://'])('%s is no address', (given) => {
  expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: given })).toEqual({
    fault: 'OTEL_EXPORTER_OTLP_ENDPOINT is no http(s) URL',
  });
});

test.each([
  [undefined, 5_000],
  ['100', 100],
  ['0', 0],
  ['999999', 600_000],
  ['-1', 5_000],
  ['soon', 5_000],
])('spans wait %s ms for others: %d', (given, delay) => {
  expect(delayOf({ OTEL_BSP_SCHEDULE_DELAY: given })).toBe(delay);
});
