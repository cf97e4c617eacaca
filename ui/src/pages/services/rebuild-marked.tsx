import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { api, answerOf } from '../../api/client.js';
import { mayBuild } from '../../api/session.js';
import { counted } from '../../parts/short.js';
import { useBusy } from '../../parts/use-busy.js';
import { useKeys } from '../../shell/keys.js';

interface RebuildMarkedProps {
  readonly names: readonly string[];
  /** Hears which ones could not be rebuilt: they stay marked. */
  readonly done: (failed: readonly string[]) => void;
}

/** Rebuilds what is marked, after it has shown the list. */
export function RebuildMarked({ names, done }: RebuildMarkedProps): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const faults = useSignal<readonly string[]>([]);
  const { isBusy, once } = useBusy();
  const isTooEarly = useSignal(false);
  const ask = () => {
    if (!mayBuild.value) return;
    isTooEarly.value = names.length === 0;
    if (names.length === 0) return;
    if (!isBusy.value) faults.value = [];
    dialog.current?.showModal();
  };
  useKeys({ r: { words: 'Rebuild what is marked', act: ask } });
  if (!mayBuild.value) return null;
  const rebuild = () =>
    once(async () => {
      const ends = await Promise.allSettled(
        names.map((service) => answerOf(api.POST('/rebuild/{service}', { params: { path: { service } } }))),
      );
      const failed = names.flatMap((name, index) => {
        const end = ends[index];
        return end?.status === 'rejected' ? [{ name, message: (end.reason as Error).message }] : [];
      });
      faults.value = failed.map(({ name, message }) => `${name}: ${message}`);
      if (failed.length === 0) dialog.current?.close();
      done(failed.map(({ name }) => name));
    });
  return (
    <>
      <button type="button" disabled={names.length === 0} onClick={ask}>
        Rebuild marked{names.length > 0 && ` (${names.length})`}
      </button>
      {isTooEarly.value && names.length === 0 && (
        <span class="soft" role="status">
          Mark a service first: its box, or the key x on its row.
        </span>
      )}
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
          <button type="button" class="primary" disabled={isBusy.value} onClick={() => void rebuild()}>
            Rebuild
          </button>
          <button>Cancel</button>
        </form>
      </dialog>
    </>
  );
}
