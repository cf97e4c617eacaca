import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { mayBuild } from '../../api/session.js';
import type { Why } from '../../api/types.js';
import { useKeys } from '../../shell/keys.js';

/** The build that was decided on, or a build all the same. A git tag has no branch to build it on. */
export function Acts({ why: { decision, commit } }: { why: Why }): VNode {
  const fault = useSignal<string | null>(null);
  const isAsked = useSignal(false);
  const { route } = useLocation();
  const { service, branch, buildId } = decision;
  const may = mayBuild.value && !branch.startsWith('refs/tags/');
  const rebuild = async () => {
    if (isAsked.value) return;
    isAsked.value = true;
    fault.value = null;
    try {
      const call = { params: { path: { service } }, body: { branch, commit } };
      route(`/builds/${(await answerOf(api.POST('/rebuild/{service}', call))).id}`);
    } catch (error) {
      fault.value = (error as Error).message;
      isAsked.value = false;
    }
  };
  useKeys(may ? { r: { words: 'Build this commit', act: () => void rebuild() } } : {});
  return (
    <>
      <span class="bad" role="alert">
        {fault.value}
      </span>
      {buildId !== null && (
        <a class="button" href={`/builds/${encodeURIComponent(buildId)}`}>
          The build
        </a>
      )}
      {may && (
        <button type="button" disabled={isAsked.value} onClick={() => void rebuild()}>
          {decision.decision === 'skip' ? 'Build it anyway' : 'Build it again'}
        </button>
      )}
    </>
  );
}
