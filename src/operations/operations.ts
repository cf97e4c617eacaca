import type { Operations } from './contract.js';
import { buildCall, keyOf, type BuildCallDeps } from './build-call.js';
import { cancel, replay, retry } from './controls.js';
import { graph } from './graph.js';
import { plan } from './plan.js';
import { rebuild } from './rebuild.js';
import { createTurns } from '../turns.js';

/** What people and Jenkins may ask of the pipeline. */
export function createOperations(deps: BuildCallDeps): Operations {
  const inTurn = createTurns();
  return {
    rebuild: (request) => rebuild(request, deps),
    // The second of two equal concurrent calls gets the first one's build.
    call: (call) => inTurn(keyOf(call), () => buildCall(call, deps)),
    plan: (call) => plan(call, deps),
    graph: () => graph(deps),
    cancel: (id, by) => cancel(id, by, deps),
    retry: (id, by) => retry(id, by, deps),
    replay: (id, by) => replay(id, by, deps),
  };
}
