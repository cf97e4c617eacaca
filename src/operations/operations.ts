import { randomUUID } from 'node:crypto';
import type { Operations } from './contract.js';
import type { Build } from '../model/build.js';
import { compose, type ComposeDeps } from './compose.js';
import { buildCall, keyedCall, type BuildCallDeps } from './build-call.js';
import { cancel, replay, retry } from './controls.js';
import { graph } from './graph.js';
import { claimKey, earlierAnswer, keyOf, type KeyedCall } from './idempotency.js';
import { look, type LookDeps } from './look.js';
import { plan } from './plan.js';
import { rebuild } from './rebuild.js';
import { createTurns } from '../turns.js';

/** What people and Jenkins may ask of the pipeline. */
export function createOperations(deps: BuildCallDeps & LookDeps & ComposeDeps): Operations {
  const inTurn = createTurns();
  const { store } = deps;
  /** `start` takes the new build's id, which is chosen once nothing can be refused any more. */
  const forcedOnce = (call: KeyedCall, start: (claim: () => Promise<string>) => Promise<Build>): Promise<Build> =>
    inTurn(keyOf(call), async () => {
      const known = await earlierAnswer(call, store);
      const earlier = known === null ? null : await store.builds.get(known);
      if (earlier !== null) return earlier;
      const build = await start(() => claimKey(call, randomUUID(), store));
      // It may be one that was asked for before.
      await claimKey(call, build.id, store);
      return build;
    });
  return {
    rebuild: (request, key = null) => {
      const { service, branch, commit, noCache, by } = request;
      const call = { by, name: `rebuild ${service}`, key, request: { branch, commit, noCache } };
      return forcedOnce(call, (claim) => rebuild(request, claim, deps));
    },
    // The second of two equal concurrent calls gets the first one's build.
    call: (call) => inTurn(keyOf(keyedCall(call)), () => buildCall(call, deps)),
    look: (request, key = null) => {
      const { repository, branch, by } = request;
      const call = { by, name: 'look', key, request: { repository, branch } };
      return inTurn(keyOf(call), async () => {
        const answer = await look(request, await earlierAnswer(call, store), deps);
        await claimKey(call, answer.deliveryId, store);
        return answer;
      });
    },
    plan: (call) => plan(call, deps),
    graph: () => graph(deps),
    compose: (call) => compose(call, deps),
    cancel: (id, by) => cancel(id, by, deps),
    retry: (id, by, key = null) =>
      forcedOnce({ by, name: `retry ${id}`, key, request: {} }, (claim) => retry(id, by, claim, deps)),
    replay: (id, by, key = null) => {
      const call = { by, name: `replay ${id}`, key, request: {} };
      return inTurn(keyOf(call), async () => {
        if ((await earlierAnswer(call, store)) !== null) return;
        await replay(id, by, deps);
        await claimKey(call, id, store);
      });
    },
  };
}
