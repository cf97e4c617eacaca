import type { ApiDeps } from './deps.js';
import { ended, LOOK_AGAIN_MS } from './build-wait.js';
import { knownBuild } from './known-build.js';
import { watch } from './watch.js';

/** A build's log from its beginning, chunk by chunk as it grows. Ends with the build or at shutdown. Fails with `unknown-build`. */
export async function* followLog(
  deps: Pick<ApiDeps, 'store' | 'events' | 'stopping'>,
  id: string,
): AsyncGenerator<string> {
  const changes = watch(deps.events, (event) => 'id' in event && event.id === id, [deps.stopping]);
  try {
    let from = 0;
    for (;;) {
      // Checked before the log is read, so that the log of an ended build is complete.
      const over = ended(await knownBuild(deps, id)) || changes.over();
      const { text, next } = await deps.store.logs.read(id, from);
      from = next;
      if (text !== '') yield text;
      if (over) return;
      await changes.next(LOOK_AGAIN_MS);
    }
  } finally {
    changes.stop();
  }
}
