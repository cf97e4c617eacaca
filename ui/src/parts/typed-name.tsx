import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';

/** Where the name of a protected environment is typed before something is done there. */
export function TypedName({ name, typed }: { name: string; typed: Signal<string> }): VNode {
  const hint = useId();
  return (
    <div class="field">
      <label>
        Type <b class="mono">{name}</b> to go on{' '}
        <input
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={hint}
          value={typed.value}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        />
      </label>
      <span id={hint} class="soft">
        {name} is protected: it has approvals or a window.
      </span>
    </div>
  );
}
