import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  TracerProvider,
  type IdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { printable } from '../printable.js';
import type { SpanContext } from '../trace-context.js';
import type { Attributes, Span } from '../tracer.js';
import { version } from '../version.js';
import type { SpanSink } from './tracer.js';

export interface OtlpOptions {
  readonly url: string;
  /** Milliseconds that spans wait for others. */
  readonly delay: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Spans that wait. More are dropped. */
const MAX_WAITING = 4_096;
const MAX_TOGETHER = 512;
const MAX_VALUE_CHARACTERS = 1_024;
const CLOSE_MS = 2_000;
/** A collector that is away is mentioned this often. */
const MENTION_MS = 60_000;

/** Sends spans to a collector as OTLP over HTTP. Further settings come from OpenTelemetry's own variables. */
export function createOtlpSink({ url, delay, clock, log }: OtlpOptions): SpanSink {
  const exporter = outspoken(new OTLPTraceExporter({ url }), clock, log);
  const ids = new GivenIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'slipway', 'service.version': version }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    // Whether a span is wanted was decided before.
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_CHARACTERS, attributeCountLimit: 64, linkCountLimit: 32 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_WAITING,
        maxExportBatchSize: MAX_TOGETHER,
        scheduledDelayMillis: delay,
      }),
    ],
  });
  const tracer = provider.getTracer('slipway', version);
  return {
    add(span) {
      ids.next = span.context;
      const made = tracer.startSpan(
        span.name,
        {
          kind: span.kind === 'server' ? SpanKind.SERVER : SpanKind.INTERNAL,
          // A number would be taken for one since the start of the process if it is less than that.
          startTime: new Date(span.from),
          attributes: copied(span.attributes),
          links: span.links.map((context) => ({ context: described(context) })),
        },
        parentOf(span),
      );
      if (span.error !== null) made.setStatus({ code: SpanStatusCode.ERROR, message: span.error });
      made.end(new Date(Math.max(span.from, span.to)));
    },
    async close() {
      const over = new AbortController();
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, clock.sleep(CLOSE_MS, over.signal)]);
      over.abort();
    },
  };
}

/** The ids are known before the span is made. */
class GivenIds implements IdGenerator {
  next: SpanContext = { traceId: '', spanId: '', sampled: true };
  readonly generateTraceId = (): string => this.next.traceId;
  readonly generateSpanId = (): string => this.next.spanId;
}

const described = ({ traceId, spanId }: Pick<SpanContext, 'traceId' | 'spanId'>) => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
});

const parentOf = ({ context: { traceId }, parent }: Span) =>
  parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, described({ traceId, spanId: parent }));

const copied = (attributes: Attributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );

/** An exporter that says, once a minute at most, that it cannot deliver. */
function outspoken(exporter: SpanExporter, clock: Clock, log: Log): SpanExporter {
  let [lost, mentionedAt] = [0, -Infinity];
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) {
          lost += spans.length;
          const now = clock.now();
          if (now - mentionedAt >= MENTION_MS) {
            const why = printable(result.error.message).slice(0, 200);
            log.warn({ spans: lost }, `could not deliver traces: ${why || 'the collector did not answer'}`);
            [lost, mentionedAt] = [0, now];
          }
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
