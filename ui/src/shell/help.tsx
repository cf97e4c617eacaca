import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { keyMaps, keysAreOn, switchKeys, useKeys, type KeyMap } from './keys.js';

/** The list of keys. `?` opens it, and so does its button. */
export function Help(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = useSignal<readonly KeyMap[]>([]);
  const open = () => {
    // A page's keys go before those of the bar.
    shown.value = [Object.assign({}, ...keyMaps.value) as KeyMap];
    dialog.current?.showModal();
  };
  useKeys({ '?': { words: 'List of keys', act: open } });
  return (
    <>
      <button type="button" class="quiet help" aria-label="Keys" onClick={open}>
        ?
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <form method="dialog">
          <h2 id="keys-title">Keys</h2>
          <dl class="keys">
            <dt>
              <kbd>Ctrl K</kbd>
            </dt>
            <dd>Find or do</dd>
            {shown.value.flatMap((map) =>
              Object.entries(map)
                .filter(([, { words }]) => words !== null)
                .map(([keys, { words }]) => [
                  <dt key={keys}>
                    <kbd>{keys}</kbd>
                  </dt>,
                  <dd key={`${keys}-words`}>{words}</dd>,
                ]),
            )}
          </dl>
          <label class="row">
            <input
              type="checkbox"
              checked={keysAreOn.value}
              onChange={({ currentTarget }) => switchKeys(currentTarget.checked)}
            />{' '}
            Single keys are on
          </label>
          <button>Close</button>
        </form>
      </dialog>
    </>
  );
}
