import type { SpanContext } from './trace-context.js';

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Something that was done. Times in milliseconds since the epoch. */
export interface Span {
  readonly context: SpanContext;
  /** Id of the span that it belongs to. Null: it is the first of its trace. */
  readonly parent: string | null;
  readonly kind: 'server' | 'internal';
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly attributes: Attributes;
  /** A code, never a message: that may quote what others wrote. Null: it did not fail. */
  readonly error: string | null;
  /** Spans of other traces that led to it. */
  readonly links: readonly SpanContext[];
}

/** What is in hand: what begins in it belongs to its trace. */
export interface TraceScope {
  readonly context: SpanContext;
  /** What was noted of it. */
  readonly notes: Map<string, string | number>;
}

/** Makes spans. No call fails, and none waits. */
export interface Tracer {
  scope(context: SpanContext): TraceScope;
  /** Does work in a scope, also what it waits for. */
  within<Result>(scope: TraceScope, work: () => Result): Result;
  /** The span in whose scope the caller is. Null: none. */
  current(): SpanContext | null;
  /** Notes something of the current span. Numbers of one name add up. */
  note(name: string, value: string | number): void;
  record(span: Span): void;
}
