import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { api, answerOf } from '../../api/client.js';
import { mayBuild } from '../../api/session.js';
import { counted } from '../../parts/short.js';
import { useKeys } from '../../shell/keys.js';

/** Rebuilds what is marked, after it has shown the list. */
export function RebuildMarked({ names, done }: { names: readonly string[]; done: () => void }): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const faults = useSignal<readonly string[]>([]);
  const ask = () => names.length > 0 && mayBuild.value && dialog.current?.showModal();
  useKeys({ r: { words: 'Rebuild what is marked', act: ask } });
  if (!mayBuild.value) return null;
  const rebuild = async () => {
    const ends = await Promise.allSettled(
      names.map((service) => answerOf(api.POST('/rebuild/{service}', { params: { path: { service } } }))),
    );
    faults.value = ends.flatMap((end, index) =>
      end.status === 'rejected' ? [`${names[index]}: ${(end.reason as Error).message}`] : [],
    );
    if (faults.value.length > 0) return;
    dialog.current?.close();
    done();
  };
  return (
    <>
      <button type="button" disabled={names.length === 0} onClick={ask}>
        Rebuild marked{names.length > 0 && ` (${names.length})`}
      </button>
      <dialog ref={dialog} aria-labelledby="rebuild-title">
        <h2 id="rebuild-title">Rebuild {counted(names.length, 'service')}?</h2>
        <ul class="plain">
          {names.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
        <ul class="bad" role="alert">
          {faults.value.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
        <form method="dialog" class="line">
          <button type="button" class="primary" onClick={() => void rebuild()}>
            Rebuild
          </button>
          <button>Cancel</button>
        </form>
      </dialog>
    </>
  );
}
