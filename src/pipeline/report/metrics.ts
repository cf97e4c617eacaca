import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { WebhookFault } from '../../model/delivery.js';
import type { BuildStatus, Outcome } from '../../model/build.js';
import type { ReasonCode } from '../../model/decision.js';
import type { DeploymentStatus } from '../../model/deployment.js';
import type { HostObservation } from '../../model/observation.js';
import type { Housekeeping, SetAside, SetAsides } from '../../store/contract.js';
import { version } from '../../version.js';
import { addDrifted, addRestarts, type DriftCount } from './container-metrics.js';
import { createNoticeMetrics, type NoticeMetrics } from './notice-metrics.js';
import { createWorkMetrics, type WorkMetrics } from './work-metrics.js';

/** Recording never fails and costs next to nothing. */
export interface Metrics extends WorkMetrics, NoticeMetrics {
  /** How a webhook request was answered: `accepted`, `duplicate`, `pong`, `ignored` or an error code. */
  webhook(status: string): void;
  decision(decision: 'build' | 'skip', code: ReasonCode): void;
  /** `seconds` counts from the build's start. Null if it never began. */
  build(status: BuildStatus, outcome: Outcome | null, seconds: number | null): void;
  /** A deployment has ended. */
  deployment(environment: string, outcome: DeploymentStatus): void;
  /** Only the sweep found this build. `fault` says what probably happened to its webhook. */
  sweepRecovered(fault: WebhookFault): void;
  /** Work was set aside because the process died with it repeatedly. */
  setAside(kind: SetAside['kind']): void;
  /** An engine asked for files that our reading of the Dockerfile lacks. */
  misread(): void;
  /** The configuration file was read again. */
  reload(result: 'applied' | 'refused'): void;
  /** Prometheus text. */
  render(): Promise<string>;
}

/** Read at each scrape. */
export interface MetricsSource {
  readonly housekeeping: Pick<Housekeeping, 'load'>;
  readonly setAsides: Pick<SetAsides, 'all'>;
}

/** Likewise, of the environments. */
export interface EnvironmentMetrics {
  readonly observations: () => readonly HostObservation[];
  /** Fields that the next deployment changes; see `PendingChanges`. */
  readonly pending: () => Promise<
    readonly { readonly environment: string; readonly service: string; readonly count: number }[]
  >;
  /** Services that have drifted, by host. */
  readonly drifted?: () => Promise<readonly DriftCount[]>;
  /** Services that do not stay up by repairs. */
  readonly restless?: () => readonly {
    readonly environment: string;
    readonly service: string;
    readonly hosts: readonly string[];
  }[];
}

/** Metrics with their own registry. */
export function createMetrics(
  { housekeeping, setAsides }: MetricsSource,
  { observations, pending, drifted = async () => [], restless = () => [] }: EnvironmentMetrics = {
    observations: () => [],
    pending: async () => [],
  },
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const webhooks = new Counter({
    name: 'slipway_webhooks_total',
    help: 'Webhook requests by how they were answered.',
    labelNames: ['status'],
    registers,
  });
  const decisions = new Counter({
    name: 'slipway_decisions_total',
    help: 'Decisions by reason.',
    labelNames: ['decision', 'code'],
    registers,
  });
  const builds = new Counter({
    name: 'slipway_builds_total',
    help: 'Builds that have ended.',
    labelNames: ['status', 'outcome'],
    registers,
  });
  const seconds = timeBuilds(registry);
  const work = createWorkMetrics(registry);
  const recovered = countRecovered(registry);
  const died = countSetAsides(registry);
  const misreads = countMisreads(registry);
  const deployments = countDeployments(registry);
  const reloads = reloadCounter(registry);
  addProcess(registry);
  addLoad(registry, housekeeping);
  addSetAsides(registry, setAsides);
  addHosts(registry, observations);
  addServices(registry, { observations, pending, drifted, restless });

  return {
    ...work,
    ...createNoticeMetrics(registry),
    webhook: (status) => webhooks.inc({ status }),
    decision: (decision, code) => decisions.inc({ decision, code }),
    deployment: (environment, outcome) => deployments.inc({ environment, outcome }),
    build(status, outcome, duration) {
      const labels = { status, outcome: outcome ?? 'none' };
      builds.inc(labels);
      if (duration !== null) seconds.observe(labels, duration);
    },
    sweepRecovered: (fault) => recovered.inc({ fault }),
    setAside: (kind) => died.inc({ kind }),
    misread: () => misreads.inc(),
    reload: (result) => reloads.inc({ result }),
    render: () => registry.metrics(),
  };
}

const timeBuilds = (registry: Registry): Histogram =>
  new Histogram({
    name: 'slipway_build_seconds',
    help: 'From the start of a build to its end.',
    labelNames: ['status', 'outcome'],
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800],
    registers: [registry],
  });

const countRecovered = (registry: Registry): Counter =>
  new Counter({
    name: 'slipway_sweep_recovered_total',
    help: 'Changes that the sweep found, by what probably became of their webhook.',
    labelNames: ['fault'],
    registers: [registry],
  });

const countDeployments = (registry: Registry): Counter =>
  new Counter({
    name: 'slipway_deployments_total',
    help: 'Deployments that have ended, by environment and how.',
    labelNames: ['environment', 'outcome'],
    registers: [registry],
  });

const countSetAsides = (registry: Registry): Counter =>
  new Counter({
    name: 'slipway_set_aside_total',
    help: 'Looks and builds that were set aside because the process died with them repeatedly.',
    labelNames: ['kind'],
    registers: [registry],
  });

const countMisreads = (registry: Registry): Counter =>
  new Counter({
    name: 'slipway_misreads_total',
    help: 'Builds whose engine asked for files that nothing in the Dockerfile seems to read.',
    registers: [registry],
  });

/** What concerns the process as a whole. */
function addProcess(registry: Registry): void {
  addVersion(registry);
  addEventLoopLag(registry);
}

function addVersion(registry: Registry): void {
  new Gauge({
    name: 'slipway_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
}

const reloadCounter = (registry: Registry) =>
  new Counter({
    name: 'slipway_config_reloads_total',
    help: 'Configurations that were read again, by whether they were applied.',
    labelNames: ['result'],
    registers: [registry],
  });

/** How often the lag is measured. */
const LAG_RESOLUTION_MS = 10;

/** The longest delay since the last scrape, beyond the resolution of the measurement. */
function addEventLoopLag(registry: Registry): void {
  const delays = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delays.enable();
  new Gauge({
    name: 'slipway_event_loop_lag_seconds',
    help: 'How late the event loop was at most since the last scrape.',
    registers: [registry],
    collect() {
      this.set(Math.max(0, delays.max / 1e9 - LAG_RESOLUTION_MS / 1000));
      delays.reset();
    },
  });
}

function addLoad(registry: Registry, housekeeping: MetricsSource['housekeeping']): void {
  new Gauge({
    name: 'slipway_queue_length',
    help: 'Builds by whether they wait or run.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { queued, running } = await housekeeping.load();
      this.set({ state: 'queued' }, queued);
      this.set({ state: 'running' }, running);
    },
  });
}

function addSetAsides(registry: Registry, setAsides: MetricsSource['setAsides']): void {
  new Gauge({
    name: 'slipway_set_aside',
    help: 'What is set aside now, by name.',
    labelNames: ['kind', 'repository', 'service', 'branch'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { kind, repository, ref, target } of await setAsides.all()) {
        const { service, branch } = target ?? { service: '', branch: ref ?? '' };
        this.inc({ kind, repository, service, branch });
      }
    },
  });
}

function addHosts(registry: Registry, observations: () => readonly HostObservation[]): void {
  new Gauge({
    name: 'slipway_host_reachable',
    help: 'Whether each host of an environment answered the last time: 1 or 0.',
    labelNames: ['environment', 'host'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { environment, host, reachable } of observations())
        if (reachable !== null) this.set({ environment, host }, reachable ? 1 : 0);
    },
  });
}

/** What is known of services in environments. */
function addServices(
  registry: Registry,
  { observations, pending, drifted, restless }: Required<EnvironmentMetrics>,
): void {
  addPending(registry, pending);
  addRestless(registry, restless);
  addDrifted(registry, drifted);
  addRestarts(registry, observations);
}

function addRestless(registry: Registry, restless: NonNullable<EnvironmentMetrics['restless']>): void {
  new Gauge({
    name: 'slipway_does_not_stay_up',
    help: 'Always 1, for each service on a host that does not stay up by repairs.',
    labelNames: ['environment', 'service', 'host'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { environment, service, hosts } of restless())
        for (const host of hosts) this.set({ environment, service, host }, 1);
    },
  });
}

function addPending(registry: Registry, pending: EnvironmentMetrics['pending']): void {
  new Gauge({
    name: 'slipway_pending_changes',
    help: 'Fields of what is desired that the next deployment changes, because the configuration has changed.',
    labelNames: ['environment', 'service'],
    registers: [registry],
    async collect() {
      const counts = await pending();
      this.reset();
      for (const { environment, service, count } of counts) this.set({ environment, service }, count);
    },
  });
}
