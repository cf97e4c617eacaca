import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import type { Why } from '../../api/types.js';

type Answer = Pick<Why['paths'][number], 'counts' | 'setting'> & { readonly why: string };

/** Says whether a change of a path would count now. */
export function TryPath({ service }: { service: string }): VNode {
  const path = useSignal('');
  const answer = useSignal<Answer | null>(null);
  const fault = useSignal<string | null>(null);
  const ask = async (event: Event) => {
    event.preventDefault();
    fault.value = null;
    const params = { path: { name: service }, query: { path: path.value.trim() } };
    try {
      answer.value = await answerOf(api.GET('/api/v1/services/{name}/regions', { params }));
    } catch (error) {
      answer.value = null;
      fault.value = (error as Error).message;
    }
  };
  return (
    <section aria-labelledby="try">
      <h2 id="try">Try a path</h2>
      <form class="line try" onSubmit={(event) => void ask(event)}>
        <input
          type="text"
          class="mono"
          required
          aria-label="Path from the root of the repository"
          placeholder="src/App.java"
          autocomplete="off"
          spellcheck={false}
          value={path.value}
          onInput={({ currentTarget }) => (path.value = currentTarget.value)}
        />
        <button type="submit">Would it count?</button>
        <output>
          {answer.value !== null && (
            <>
              <span class={answer.value.counts ? 'ok' : 'idle'} aria-hidden="true">
                {answer.value.counts ? '✓' : '–'}
              </span>{' '}
              {answer.value.why} <span class="mono soft">{answer.value.setting}</span>
            </>
          )}
          <span class="bad">{fault.value}</span>
        </output>
      </form>
    </section>
  );
}
