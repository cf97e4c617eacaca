import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Build } from '../model/build.js';
import type { Deployment } from '../model/deployment.js';
import type { Look } from '../model/look.js';
import type { Store } from '../store/contract.js';
import { buildSpanOf, contextOf } from '../trace-context.js';
import type { Span, Tracer } from '../tracer.js';
import { buildSpans } from './build-spans.js';
import { deploymentSpans } from './deployment-spans.js';
import { delayOf, endpointOf } from './endpoint.js';
import { tracedLook } from './traced-look.js';
import { tracedStore } from './traced-store.js';
import { createTracer } from './tracer.js';

export interface Tracing {
  readonly tracer: Tracer;
  /** The store for all that works for a trace. */
  store(store: Store): Store;
  /** Processes a look in a span. */
  look(look: Look, work: () => Promise<void>): Promise<void>;
  /** Makes the spans of builds and deployments that have ended. What it returns never fails. */
  ended(store: EndedStore): (change: Ended) => void;
  /** Sends what is left. Resolves after two seconds at most. */
  close(): Promise<void>;
}

type EndedStore = Pick<Store, 'builds' | 'deliveries'>;

/** What has ended. */
interface Ended {
  readonly kind: string;
  readonly build?: Build;
  readonly deployment?: Deployment;
}

export interface TracingDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Traces, if OpenTelemetry's variables name a collector. Null if they do not: then nothing of OpenTelemetry is loaded. */
export async function openTracing({ env, clock, log }: TracingDeps): Promise<Tracing | null> {
  const endpoint = endpointOf(env);
  if (endpoint === null) return null;
  if ('fault' in endpoint) {
    log.warn({}, `traces are off: ${endpoint.fault}`);
    return null;
  }
  const { createOtlpSink } = await import('./otlp.js');
  const sink = createOtlpSink({ url: endpoint.url, delay: delayOf(env), clock, log });
  const tracer = createTracer(sink, log);
  /** Settles when the spans of all that has ended are made. */
  let ended: Promise<unknown> = Promise.resolve();
  return {
    tracer,
    store: (store) => tracedStore(store, tracer),
    look: (look, work) => tracedLook(look, work, { tracer, clock }),
    ended: (store) => (change) => {
      const made = spansOf(change, store).then((spans) => spans.forEach((span) => tracer.record(span)));
      ended = Promise.allSettled([ended, made]).then(() => undefined);
    },
    async close() {
      await ended;
      await sink.close();
    },
  };
}

async function spansOf({ build, deployment }: Ended, store: EndedStore): Promise<readonly Span[]> {
  if (build) return spansOfBuild(build, store);
  return deployment ? spansOfDeployment(deployment, store) : [];
}

/** Without its link if the store is closed already. */
async function spansOfBuild(build: Build, { deliveries }: EndedStore): Promise<readonly Span[]> {
  const { deliveryId } = build.trigger;
  if (build.traceparent === undefined) return [];
  const delivery = deliveryId === null ? null : await deliveries.get(deliveryId).catch(() => null);
  return buildSpans(build, contextOf(delivery?.traceparent));
}

async function spansOfDeployment(deployment: Deployment, { builds }: EndedStore): Promise<readonly Span[]> {
  if (deployment.traceparent === undefined) return [];
  const build = deployment.build && (await builds.get(deployment.build.id).catch(() => null));
  return deploymentSpans(deployment, build && buildSpanOf(build));
}
