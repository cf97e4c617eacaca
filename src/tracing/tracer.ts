import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../log.js';
import type { Span, TraceScope, Tracer } from '../tracer.js';

/** Takes spans away. */
export interface SpanSink {
  /** Neither waits nor keeps more than a bounded number. */
  add(span: Span): void;
  /** Sends what is left. Resolves after two seconds at most. */
  close(): Promise<void>;
}

/** A tracer that gives its spans to a sink. Spans that nobody wants recorded go nowhere. */
export function createTracer(sink: Pick<SpanSink, 'add'>, log: Log): Tracer {
  const scopes = new AsyncLocalStorage<TraceScope>();
  return {
    scope: (context) => ({ context, notes: new Map() }),
    within: (scope, work) => scopes.run(scope, work),
    current: () => scopes.getStore()?.context ?? null,
    note(name, value) {
      const notes = scopes.getStore()?.notes;
      const before = notes?.get(name);
      notes?.set(name, typeof value === 'number' && typeof before === 'number' ? before + value : value);
    },
    record(span) {
      if (!span.context.sampled) return;
      try {
        sink.add(span);
      } catch (err) {
        log.warn({ err }, 'could not record a span');
      }
    },
  };
}
