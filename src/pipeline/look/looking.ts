import type { Look, NewLook } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import { onLook } from './on-look.js';
import { runPlanner, type PlannerDeps } from './planner.js';
import { openSharedView } from './shared-view.js';
import { sweepLook } from './sweep-look.js';

export type LookingOptions = Pick<PlannerDeps, 'worker' | 'quarantine' | 'whenIdle'>;

export interface Looking {
  /** Takes due looks from the store until the signal aborts. */
  run(stopping: AbortSignal): Promise<void>;
  /** Processes a look of the sweep now. */
  now(look: NewLook): Promise<void>;
}

export function createLooking(deps: LookDeps, options: LookingOptions): Looking {
  const { aroundLook = (_look, work) => work() } = deps;
  const openBatch = (looks: readonly Look[]) => {
    const sharedView = openSharedView(looks, deps);
    return (look: Look) => aroundLook(look, () => onLook(look, sharedView, deps));
  };
  return {
    run: (stopping) => runPlanner({ ...deps, ...options, openBatch }, stopping),
    now: (look) => sweepLook(look, options.worker(), (stored) => openBatch([stored])(stored), { ...deps, ...options }),
  };
}
