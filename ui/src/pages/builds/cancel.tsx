import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { answerOf, api } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayBuild } from '../../api/session.js';
import type { Build } from '../../api/types.js';

/** Cancels a build from its row, for those who may. */
export function Cancel({ build: { id, service } }: { build: Build }): VNode | null {
  const fault = useSignal<string | null>(null);
  const asked = useSignal(false);
  if (!mayBuild.value) return null;
  const cancel = async () => {
    [asked.value, fault.value] = [true, null];
    try {
      await answerOf(api.POST('/api/v1/builds/{id}/cancel', { params: { path: { id } } }));
      await queries.invalidateQueries({ queryKey: ['builds'] });
    } catch (error) {
      fault.value = (error as Error).message;
      asked.value = false;
    }
  };
  return (
    <span class="acts">
      <span class="bad" role="alert">
        {fault.value}
      </span>
      <button
        type="button"
        class="quiet danger"
        aria-label={`Cancel ${service}`}
        disabled={asked.value}
        onClick={() => void cancel()}
      >
        Cancel
      </button>
    </span>
  );
}
