import type { RefObject, VNode } from 'preact';
import type { Deployment } from '../../api/types.js';

interface CancelDialogProps {
  readonly dialog: RefObject<HTMLDialogElement>;
  readonly deployment: Deployment;
  readonly cancel: () => Promise<void>;
}

/** Asks before a deployment is canceled, and says what that does. */
export function CancelDialog({ dialog, deployment, cancel }: CancelDialogProps): VNode {
  const { service, environment, status, from } = deployment;
  const confirm = () => {
    dialog.current?.close();
    void cancel();
  };
  return (
    <dialog ref={dialog} aria-labelledby="cancel-title">
      <h2 id="cancel-title">
        Cancel the deployment of {service} to {environment}?
      </h2>
      <p>
        {status === 'pending'
          ? 'Nothing was replaced yet. What was prepared is removed.'
          : `What was replaced goes back to ${from?.tag ?? 'what ran before'}.`}
      </p>
      <form method="dialog" class="line acts">
        <button type="button" class="danger" onClick={confirm}>
          Cancel the deployment
        </button>
        <button>Let it go on</button>
      </form>
    </dialog>
  );
}
