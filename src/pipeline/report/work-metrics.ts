import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Build } from '../../model/build.js';
import type { Disk } from '../../server/readiness.js';

/** What is read of a build that has ended. */
export type EndedWork = Pick<Build, 'queuedAt' | 'notBefore' | 'startedAt' | 'steps' | 'error'>;

/** Where to ask how Slipway is. */
export interface Watched {
  readonly overview: {
    answer(): Promise<{ readonly counts: { readonly upToDate: number }; readonly services: readonly unknown[] }>;
  };
  /** Looks and builds that wait for something that is away. */
  readonly waits: () => Promise<readonly { readonly code: string }[]>;
  /** Null: the file system does not say. */
  readonly disk: () => Promise<Pick<Disk, 'free' | 'floor'> | null>;
}

export interface WorkMetrics {
  /** How long a build that has ended waited, and what the steps took that every build has. */
  work(build: EndedWork): void;
  /** Seconds from a delivery to its decisions. */
  decided(seconds: number): void;
  /** Bytes of a build log were stored. */
  logged(bytes: number): void;
  /** Asks at each scrape how Slipway is: which services are up to date, what waits, and how full the disk is. */
  watch(watched: Watched): void;
}

/** From a queue that is empty to one that stands for an hour. */
const waitBuckets = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];

/** How long work waits and takes, how much it writes, and how much of it is done. */
export function createWorkMetrics(registry: Registry): WorkMetrics {
  const registers = [registry];
  const waits = new Histogram({
    name: 'slipway_queue_wait_seconds',
    help: 'From the time at which a build could begin to its start.',
    buckets: waitBuckets,
    registers,
  });
  const steps = new Histogram({
    name: 'slipway_step_seconds',
    help: 'The steps that every build has: not those of Dockerfiles, whose names are many.',
    labelNames: ['step'],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900],
    registers,
  });
  const lags = new Histogram({
    name: 'slipway_webhook_lag_seconds',
    help: 'From a delivery to its decisions.',
    buckets: waitBuckets,
    registers,
  });
  const bytes = new Counter({
    name: 'slipway_log_bytes_total',
    help: 'Bytes of build logs that were stored.',
    registers,
  });
  const failures = new Counter({
    name: 'slipway_build_failures_total',
    help: 'Builds that failed, by whose matter it is.',
    labelNames: ['blame'],
    registers,
  });
  return {
    work({ queuedAt, notBefore, startedAt, steps: all, error }) {
      if (error !== null) failures.inc({ blame: error.blame });
      if (startedAt === null) return;
      waits.observe(Math.max(0, startedAt - Math.max(queuedAt, notBefore)) / 1000);
      for (const { kind, name, startedAt: from, finishedAt: to } of all)
        if (kind === 'slipway' && to !== null) steps.observe({ step: name }, Math.max(0, to - from) / 1000);
    },
    decided: (seconds) => lags.observe(Math.max(0, seconds)),
    logged: (count) => bytes.inc(count),
    watch({ overview, waits: waiting, disk }) {
      addRatio(registry, overview);
      addWaiting(registry, waiting);
      addDisk(registry, disk);
    },
  };
}

/** 1 if there is no service: nothing is behind. */
function addRatio(registry: Registry, overview: Watched['overview']): void {
  new Gauge({
    name: 'slipway_up_to_date_ratio',
    help: 'Share of services whose main branch has an image with all that counts.',
    registers: [registry],
    async collect() {
      const { counts, services } = await overview.answer();
      this.set(services.length === 0 ? 1 : counts.upToDate / services.length);
    },
  });
}

function addWaiting(registry: Registry, waiting: Watched['waits']): void {
  new Gauge({
    name: 'slipway_waiting',
    help: 'Looks and builds that wait for something that is away, by the code of what they wait for.',
    labelNames: ['code'],
    registers: [registry],
    async collect() {
      const all = await waiting();
      this.reset();
      for (const { code } of all) this.inc({ code });
    },
  });
}

function addDisk(registry: Registry, disk: Watched['disk']): void {
  const floor = new Gauge({
    name: 'slipway_disk_floor_bytes',
    help: 'Free space below which no build starts: limits.freeDisk.',
    registers: [registry],
  });
  new Gauge({
    name: 'slipway_disk_free_bytes',
    help: 'Free space where the data directory is.',
    registers: [registry],
    async collect() {
      const found = await disk();
      if (found === null) return;
      this.set(found.free);
      floor.set(found.floor);
    },
  });
}
