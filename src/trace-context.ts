import { createHash, randomBytes } from 'node:crypto';

/** The place of a span, as W3C Trace Context has it. */
export interface SpanContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** False: the caller that began the trace does not want it recorded. */
  readonly sampled: boolean;
}

const form =
  /^(?<version>[\da-f]{2})-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?<more>-.*)?$/;
const onlyZeros = /^0+$/;
/** Later versions may have more members. None is known, so a long one is not read. */
const MAX_CHARACTERS = 256;

/** Reads the header `traceparent`. Null if it is malformed: then it counts as absent. */
export function parseTraceparent(text: string): SpanContext | null {
  const parts = text.length > MAX_CHARACTERS ? undefined : form.exec(text)?.groups;
  if (parts === undefined) return null;
  const { version = '', traceId = '', spanId = '', flags = '', more } = parts;
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (onlyZeros.test(traceId) || onlyZeros.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** As the header `traceparent` and rows of the store have it. */
export const formatTraceparent = ({ traceId, spanId, sampled }: SpanContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** The first span of a new trace. */
export const newTrace = (): SpanContext => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  sampled: true,
});

/**
 * The span of a subject in the trace of its parent. The same subject always has the same id, so that spans made after a restart find their
 * parents.
 */
export function spanOf(parent: SpanContext, subject: string): SpanContext {
  const spanId = createHash('sha256').update(`${parent.traceId} ${subject}`).digest('hex').slice(0, 16);
  return { ...parent, spanId };
}

/** The trace of a row of the store. Null: it has none. */
export const traceIdOf = ({ traceparent }: { readonly traceparent?: string | null }): string | null =>
  contextOf(traceparent)?.traceId ?? null;

/** The span that a row of the store names. Null: it names none. */
export const contextOf = (traceparent: string | null | undefined): SpanContext | null =>
  traceparent ? parseTraceparent(traceparent) : null;

/** The span of a build. Null: it belongs to no trace. */
export const buildSpanOf = (build: { readonly id: string; readonly traceparent?: string }): SpanContext | null =>
  ownSpan(build.traceparent, `build ${build.id}`);

/** The span of a deployment. Null: it belongs to no trace. */
export const deploymentSpanOf = (one: { readonly id: string; readonly traceparent?: string }): SpanContext | null =>
  ownSpan(one.traceparent, `deployment ${one.id}`);

function ownSpan(traceparent: string | undefined, subject: string): SpanContext | null {
  const parent = contextOf(traceparent);
  return parent && spanOf(parent, subject);
}
