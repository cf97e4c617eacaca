import { useSignal } from '@preact/signals';
import type { FunctionComponent, RefObject, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { mayDeploy, mayDeployAnywhere } from '../api/session.js';
import type { TicketFrame, TicketProps } from './props.js';

interface DeployButtonProps extends TicketProps {
  readonly label?: string;
  /** For keys that press it. */
  readonly button?: RefObject<HTMLButtonElement>;
}

/** A button that opens the deploy dialog. It is not there for visitors who may not deploy. */
export function DeployButton({ label = 'Deploy…', button, ...ticket }: DeployButtonProps): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const form = useSignal<FunctionComponent<TicketProps & TicketFrame> | null>(null);
  const fault = useSignal<string | null>(null);
  const isOpen = form.value !== null;
  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal();
  }, [isOpen]);
  const { environment } = ticket;
  if (environment === undefined ? !mayDeployAnywhere() : !mayDeploy(environment)) return null;
  const open = async () => {
    fault.value = null;
    form.value = (await import('./ticket.js')).Ticket;
  };
  const Form = form.value;
  return (
    <>
      <button
        ref={button ?? null}
        type="button"
        onClick={() => void open().catch((error: Error) => (fault.value = error.message))}
      >
        {label}
      </button>
      {fault.value !== null && (
        <span class="bad" role="alert">
          {fault.value}
        </span>
      )}
      <dialog ref={dialog} class="ticket" aria-labelledby={titleId} onClose={() => (form.value = null)}>
        {Form && <Form {...ticket} titleId={titleId} close={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}
