import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { api, answerOf, Problem } from '../../api/client.js';
import type { Deployment, Environment } from '../../api/types.js';
import { newKey } from '../../deploy/wish.js';
import { isProtected } from '../../parts/protected.js';
import { TypedName } from '../../parts/typed-name.js';
import { useBusy } from '../../parts/use-busy.js';

interface RetryDialogProps {
  readonly deployment: Deployment;
  /** Undefined: not known yet, and nothing can be sent. */
  readonly place: Environment | undefined;
  readonly close: () => void;
}

/** Asks before a deployment is asked for again: what, where, and whether a release that is blocked there is meant. */
export function RetryDialog({ deployment, place, close }: RetryDialogProps): VNode {
  const { id, service, environment, release } = deployment;
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, isBlocked, force] = [useSignal(''), useSignal(false), useSignal(false)];
  const { isBusy, once, fault } = useBusy();
  const { route } = useLocation();
  // A call that is sent again, because the answer was lost, is the same deployment.
  const key = useMemo(newKey, [force.value]);
  useEffect(() => dialog.current?.showModal(), []);
  const what = release === null ? 'what it was asked for' : (release.tag ?? `release ${release.number}`);
  const isTyped = place !== undefined && (!isProtected(place) || typed.value.trim() === place.name);
  const mayGoOn = isTyped && !isBusy.value && (!isBlocked.value || force.value);
  const retry = () =>
    once(async () => {
      const params = { path: { id }, header: { 'idempotency-key': key } };
      try {
        const body = { force: force.value };
        const made = await answerOf(api.POST('/api/v1/deployments/{id}/retry', { params, body }));
        dialog.current?.close();
        route(`/deployments/${encodeURIComponent(made.id)}`);
      } catch (error) {
        isBlocked.value ||= error instanceof Problem && error.code === 'release-blocked';
        throw error;
      }
    });
  return (
    <dialog ref={dialog} aria-labelledby="retry-title" onClose={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (mayGoOn) void retry();
        }}
      >
        <h2 id="retry-title">
          Deploy {service} to {environment} again?
        </h2>
        <p>
          A new deployment brings <b class="mono">{what}</b> to {environment}.
        </p>
        {place !== undefined && isProtected(place) && <TypedName name={place.name} typed={typed} />}
        <p class="bad" role="alert">
          {fault.value}
        </p>
        {isBlocked.value && (
          <label>
            <input
              type="checkbox"
              checked={force.value}
              onChange={({ currentTarget }) => (force.value = currentTarget.checked)}
            />{' '}
            Deploy it although it is blocked
          </label>
        )}
        <div class="line">
          <button class={force.value ? 'danger' : 'primary'} disabled={!mayGoOn}>
            Deploy to {environment}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
