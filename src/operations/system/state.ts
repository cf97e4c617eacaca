import type { LiveConfig } from '../../config/live-config.js';
import type { Readiness } from '../../server/contract.js';
import { createReadiness, diskOf, type ReadinessDeps } from '../../server/readiness.js';
import type { System } from './contract.js';
import { createSystem, type SystemDeps } from './system.js';

type FromConfig = 'repository' | 'freeDisk' | 'refusedConfig' | 'readiness' | 'tokens' | 'concurrency' | 'disk';

export interface StateDeps extends Omit<ReadinessDeps, FromConfig>, Omit<SystemDeps, FromConfig | keyof ReadinessDeps> {
  readonly live: Pick<LiveConfig, 'current' | 'refused'>;
}

/** Whether the server is ready, and its state in full, by the configuration in force. */
export function createState({ live, ...deps }: StateDeps): { readonly readiness: Readiness; readonly system: System } {
  const { current, refused } = live;
  const freeDisk = () => current().limits.freeDisk;
  const repository = () => [...current().services.values()][0]?.repository ?? null;
  const readiness = createReadiness({ ...deps, repository, freeDisk, refusedConfig: () => refused() });
  const system = createSystem({
    ...{ ...deps, readiness },
    tokens: () => current().access.tokens,
    concurrency: () => current().engine.concurrency,
    disk: () => diskOf(deps.dataDir, freeDisk()),
  });
  return { readiness, system };
}
