import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { answerOf, api } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayDeploy } from '../../api/session.js';
import { HoldWords, WindowWords } from '../../environments/gates.js';
import { environmentKey } from '../../environments/queries.js';
import type { Environment } from '../../environments/types.js';

/** What holds deployments back, and who may hold them back or let them go on. */
export function Hold({ environment }: { environment: Environment }): VNode {
  const { name, hold, window } = environment;
  const fault = useSignal<string | null>(null);
  const lift = async () => {
    fault.value = null;
    try {
      await answerOf(
        api.DELETE('/api/v1/environments/{environment}/hold', { params: { path: { environment: name } } }),
      );
      await queries.invalidateQueries({ queryKey: environmentKey(name) });
    } catch (error) {
      fault.value = (error as Error).message;
    }
  };
  return (
    <div class="line">
      {window !== null && (
        <span class="soft">
          <WindowWords window={window} />
        </span>
      )}
      {hold !== null && (
        <span class="warn">
          <HoldWords hold={hold} />
        </span>
      )}
      <span class="bad" role="alert">
        {fault.value}
      </span>
      {mayDeploy(name) && hold !== null && (
        <button type="button" onClick={() => void lift()}>
          Lift the hold
        </button>
      )}
      {mayDeploy(name) && hold === null && <HoldForm name={name} />}
    </div>
  );
}

/** Holds deployments back, with a reason and until when. */
function HoldForm({ name }: { name: string }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, until, fault] = [useSignal(''), useSignal(''), useSignal<string | null>(null)];
  const hold = async () => {
    fault.value = null;
    const body = {
      reason: reason.value,
      until: until.value === '' ? null : new Date(until.value).toISOString(),
    };
    try {
      const params = { path: { environment: name } };
      await answerOf(api.PUT('/api/v1/environments/{environment}/hold', { params, body }));
      dialog.current?.close();
      await queries.invalidateQueries({ queryKey: environmentKey(name) });
    } catch (error) {
      fault.value = (error as Error).message;
    }
  };
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        Hold…
      </button>
      <dialog ref={dialog} aria-labelledby="hold-title">
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void hold();
          }}
        >
          <h2 id="hold-title">Hold back deployments to {name}</h2>
          <p>They are prepared and wait. Rollbacks, restarts, stops and starts go on.</p>
          <label class="field">
            Reason
            <input
              type="text"
              required
              maxLength={2048}
              value={reason.value}
              onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
            />
          </label>
          <label class="field">
            Until (empty: until it is lifted)
            <input
              type="datetime-local"
              value={until.value}
              onInput={({ currentTarget }) => (until.value = currentTarget.value)}
            />
          </label>
          <p class="bad" role="alert">
            {fault.value}
          </p>
          <div class="line">
            <button type="submit" class="primary">
              Hold {name}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
