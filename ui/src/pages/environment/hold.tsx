import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { answerOf, api } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayDeploy } from '../../api/session.js';
import { HoldWords, WindowWords } from '../../environments/gates.js';
import { environmentKey } from '../../environments/queries.js';
import type { Environment } from '../../environments/types.js';
import { useBusy } from '../../parts/use-busy.js';

/** What holds deployments back, and who may hold them back or let them go on. */
export function Hold({ environment }: { environment: Environment }): VNode {
  const { name, hold, window } = environment;
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
      {mayDeploy(name) && hold !== null && <Lift name={name} />}
      {mayDeploy(name) && hold === null && <HoldForm name={name} />}
    </div>
  );
}

/** Lets deployments go on, after a question. */
function Lift({ name }: { name: string }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const { isBusy, once, fault, forget } = useBusy();
  const ask = () => {
    forget();
    dialog.current?.showModal();
  };
  const lift = () =>
    once(async () => {
      const params = { path: { environment: name } };
      await answerOf(api.DELETE('/api/v1/environments/{environment}/hold', { params }));
      dialog.current?.close();
      await queries.invalidateQueries({ queryKey: environmentKey(name) });
    });
  return (
    <>
      <button type="button" onClick={ask}>
        Lift the hold…
      </button>
      <dialog ref={dialog} aria-labelledby="lift-title">
        <h2 id="lift-title">Lift the hold of {name}?</h2>
        <p>Deployments that wait for it go on at once.</p>
        <p class="bad" role="alert">
          {fault.value}
        </p>
        <form method="dialog" class="line">
          <button type="button" class="primary" disabled={isBusy.value} onClick={() => void lift()}>
            Lift the hold
          </button>
          <button>Cancel</button>
        </form>
      </dialog>
    </>
  );
}

/** Holds deployments back, with a reason and until when. */
function HoldForm({ name }: { name: string }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, until] = [useSignal(''), useSignal('')];
  const { isBusy, once, fault } = useBusy();
  const hold = () =>
    once(async () => {
      const body = {
        reason: reason.value,
        until: until.value === '' ? null : new Date(until.value).toISOString(),
      };
      const params = { path: { environment: name } };
      await answerOf(api.PUT('/api/v1/environments/{environment}/hold', { params, body }));
      dialog.current?.close();
      await queries.invalidateQueries({ queryKey: environmentKey(name) });
    });
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
            <button type="submit" class="primary" disabled={isBusy.value}>
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
