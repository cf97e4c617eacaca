import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayBuild } from '../../api/session.js';
import type { Build } from '../../api/types.js';
import { useBusy } from '../../parts/use-busy.js';
import { useKeys } from '../../shell/keys.js';
import { useWhy } from './branch-builds.js';

/** Retry, cancel, why. The server decides what is allowed; buttons that it would refuse are not shown. */
export function Acts({ build }: { build: Build }): VNode {
  const { isBusy, once, fault } = useBusy();
  const { route } = useLocation();
  const why = useWhy(build);
  const isOpen = build.finishedAt === null;
  const path = { id: build.id };
  const cancel = () =>
    once(async () => {
      await answerOf(api.POST('/api/v1/builds/{id}/cancel', { params: { path } }));
      await queries.invalidateQueries({ queryKey: ['build', build.id] });
    });
  const retry = () =>
    once(async () =>
      route(`/builds/${(await answerOf(api.POST('/api/v1/builds/{id}/retry', { params: { path } }))).id}`),
    );
  useKeys({
    w: {
      words: 'Why it was built',
      act: () => route(why),
    },
    ...(mayBuild.value && isOpen && { c: { words: 'Cancel', act: () => void cancel() } }),
    ...(mayBuild.value && !isOpen && { r: { words: 'Retry', act: () => void retry() } }),
  });
  return (
    <>
      <span class="bad" role="alert">
        {fault.value}
      </span>
      {mayBuild.value && isOpen && (
        <button type="button" class="danger" disabled={isBusy.value} onClick={() => void cancel()}>
          Cancel
        </button>
      )}
      {mayBuild.value && !isOpen && (
        <button type="button" disabled={isBusy.value} onClick={() => void retry()}>
          Retry
        </button>
      )}
    </>
  );
}
