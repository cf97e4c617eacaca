import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { newTrace, parseTraceparent, spanOf } from '../trace-context.js';
import type { Attributes, TraceScope, Tracer } from '../tracer.js';
import type { App } from './route.js';

/** A request that is traced. */
interface Traced {
  readonly scope: TraceScope;
  /** Id of the caller's span, or null. */
  readonly parent: string | null;
  readonly from: number;
}

const readers: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Makes a span of each request that may change something, and of others that bring a trace (`traceparent`, W3C). What a request begins
 * belongs to its trace.
 */
export function installTracing(app: App, tracer: Tracer, clock: Pick<Clock, 'now'>): void {
  const open = new WeakMap<FastifyRequest, Traced>();
  app.addHook('onRequest', (request, _reply, done) => {
    const given = request.headers['traceparent'];
    const parent = typeof given === 'string' ? parseTraceparent(given) : null;
    if (parent === null && readers.has(request.method)) return done();
    const context = parent === null ? newTrace() : spanOf(parent, `request ${request.id}`);
    const scope = tracer.scope(context);
    open.set(request, { scope, parent: parent?.spanId ?? null, from: clock.now() });
    tracer.within(scope, done);
  });
  // A body is read in the events of its connection, which belong to no request.
  app.addHook('preValidation', (request, _reply, done) => {
    const traced = open.get(request);
    if (traced === undefined) done();
    else tracer.within(traced.scope, done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const traced = open.get(request);
    if (traced === undefined) return;
    const { scope, parent, from } = traced;
    const { method, routeOptions } = request;
    tracer.record({
      context: scope.context,
      parent,
      kind: 'server',
      name: routeOptions.url === undefined ? method : `${method} ${routeOptions.url}`,
      ...{ from, to: clock.now() },
      attributes: { ...attributesOf(request, reply), ...Object.fromEntries(scope.notes) },
      error: reply.statusCode >= 500 ? String(reply.statusCode) : null,
      links: [],
    });
  });
}

function attributesOf({ method, url, routeOptions }: FastifyRequest, { statusCode }: FastifyReply): Attributes {
  return {
    'http.request.method': method,
    'http.response.status_code': statusCode,
    'url.path': url.split('?', 1)[0] ?? '/',
    'url.scheme': 'http',
    ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
    ...(statusCode >= 500 && { 'error.type': String(statusCode) }),
  };
}
