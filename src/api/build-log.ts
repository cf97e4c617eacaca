import type { ApiDeps } from './deps.js';
import { ended } from './build-wait.js';
import { knownBuild } from './known-build.js';
import { followUntilEnded } from './until-ended.js';

/** A build's log from its beginning, chunk by chunk as it grows. Ends with the build or at shutdown. Fails with `unknown-build`. */
export const followLog = (deps: Pick<ApiDeps, 'store' | 'events' | 'stopping'>, id: string): AsyncGenerator<string> =>
  followUntilEnded(
    { type: 'build', id, read: () => knownBuild(deps, id), ended },
    (from) => deps.store.logs.read(id, from),
    deps,
  );
