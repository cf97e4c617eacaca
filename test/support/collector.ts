/** A collector of OpenTelemetry: takes spans as OTLP over HTTP, in JSON, and keeps them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Null: the first of its trace. */
  readonly parent: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What the status of a failed span says, or null. */
  readonly error: string | null;
  /** Ids of traces and spans. */
  readonly links: readonly string[];
  /** Nanoseconds since the epoch. */
  readonly from: bigint;
  readonly to: bigint;
}

export interface Collector {
  /** Environment variables that lead to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly spans: ReceivedSpan[];
  /** The resource of the last spans. */
  readonly resource: Record<string, unknown>;
  close(): Promise<void>;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly Value[] };
}

type Pairs = readonly { readonly key: string; readonly value: Value }[];

interface WrittenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Pairs;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Pairs };
    readonly scopeSpans: readonly { readonly spans: readonly WrittenSpan[] }[];
  }[];
}

const FAILED = 2;

export async function openCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const resource: Record<string, unknown> = {};
  const take = ({ resourceSpans }: Request) => {
    for (const { resource: own, scopeSpans } of resourceSpans) {
      Object.assign(resource, read(own.attributes));
      spans.push(...scopeSpans.flatMap((scope) => scope.spans).map(received));
    }
  };
  const server = createServer((request, reply) => {
    void bodyOf(request).then((body) => {
      const isRight = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json';
      if (isRight) take(JSON.parse(body) as Request);
      reply.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_BSP_SCHEDULE_DELAY: '20' },
    ...{ spans, resource },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const received = (span: WrittenSpan): ReceivedSpan => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parent: span.parentSpanId ?? null,
  name: span.name,
  attributes: read(span.attributes),
  error: span.status.code === FAILED ? (span.status.message ?? '') : null,
  links: span.links.map(({ traceId, spanId }) => `${traceId} ${spanId}`),
  from: BigInt(span.startTimeUnixNano),
  to: BigInt(span.endTimeUnixNano),
});

const read = (pairs: Pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]));

const valueOf = ({ arrayValue, ...one }: Value): unknown =>
  arrayValue ? arrayValue.values.map(valueOf) : Object.values(one)[0];
