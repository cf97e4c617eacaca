import { Counter, Gauge, type Registry } from 'prom-client';
import { currentOf } from '../../current-container.js';
import type { HostObservation } from '../../model/observation.js';

/** Fields of a service on a host that are not as they should be. */
export interface DriftCount {
  readonly environment: string;
  readonly service: string;
  readonly host: string;
  readonly count: number;
}

const labelNames = ['environment', 'service', 'host'] as const;

export function addDrifted(registry: Registry, drifted: () => Promise<readonly DriftCount[]>): void {
  new Gauge({
    name: 'slipway_drifted',
    help: 'Fields that are not as they should be, for each service on a host where there are any.',
    labelNames,
    registers: [registry],
    async collect() {
      const counts = await drifted();
      this.reset();
      for (const { environment, service, host, count } of counts) this.set({ environment, service, host }, count);
    },
  });
}

/** The engine counts for each container, so a new one begins at 0, as counters of Prometheus may. */
export function addRestarts(registry: Registry, observations: () => readonly HostObservation[]): void {
  new Counter({
    name: 'slipway_container_restarts_total',
    help: 'How often the engine has restarted the present container of a service.',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { environment, host, reachable, seen } of observations()) {
        if (reachable !== true || seen === null) continue;
        for (const service of new Set(seen.own.map((one) => one.service))) {
          const restarts = currentOf(seen.own.filter((one) => one.service === service))?.state.restarts ?? 0;
          this.inc({ environment, service, host }, restarts);
        }
      }
    },
  });
}
