import type { Look } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import type { FoundRef } from './found-ref.js';
import { pauseAfter, MAX_UNSEEN_COMMIT_ATTEMPTS, unseenCommitPauses } from '../../queue/pauses.js';

/**
 * A host may announce a push before it shows it. The state that it shows is decided on, and the ref is looked at again with growing pauses
 * until it has the announced commit or a later one. `found` comes from references that were asked for after the announcement. An annotated tag is announced by the id of its tag object. A commit removed by a forced push looks like one that
 * is not shown yet; the retries run out in the end.
 */
export async function lookAgainForUnseen(
  look: Look,
  found: FoundRef | null,
  { git, store, clock, events }: LookDeps,
): Promise<void> {
  const { after, ref, attempt } = look;
  if (after === null || ref === null || attempt >= MAX_UNSEEN_COMMIT_ATTEMPTS || found?.held === after) return;
  const tip = found?.tip ?? null;
  const { history, remote } = git.mirror(look.repository);
  if (tip !== null && (await history.has(after))) {
    await remote.fetch([tip]);
    if ((await history.between(tip, after)).length === 0) return;
  }
  const dueAt = clock.now() + pauseAfter(attempt, unseenCommitPauses);
  await store.looks.add({ ...look, attempt: attempt + 1, dueAt });
  events.publish({ type: 'look' });
}
