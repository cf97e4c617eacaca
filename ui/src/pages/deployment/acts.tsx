import { useSignal } from '@preact/signals';
import { useQuery } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { api, answerOf, Problem } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayDeploy, session } from '../../api/session.js';
import type { Deployment } from '../../api/types.js';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { useKeys } from '../../shell/keys.js';
import { CancelDialog } from './cancel-dialog.js';

/** Approve, cancel, retry, roll back. The server decides what is allowed; buttons that it would refuse are not shown. */
export function Acts({ deployment }: { deployment: Deployment }): VNode | null {
  const { id, service, environment, status, finishedAt } = deployment;
  const cancelDialog = useRef<HTMLDialogElement>(null);
  const { fault, isBlocked, cancel, retry, approve } = useActs(id);
  const may = mayDeploy(environment);
  const isDeployed = useDeployed(environment, service, may) === id;
  const isOpen = finishedAt === null;
  const mayRetry = may && !isOpen && status !== 'succeeded';
  const askCancel = () => cancelDialog.current?.showModal();
  useKeys({
    ...(may && isOpen && { c: { words: 'Cancel', act: () => askCancel() } }),
    ...(mayRetry && { r: { words: 'Retry', act: () => void retry(false) } }),
  });
  if (!may) return null;
  return (
    <>
      <span class="bad" role="alert">
        {fault.value}
      </span>
      {isOpen && <Approval deployment={deployment} approve={() => void approve()} />}
      {isOpen && (
        <button type="button" class="danger" onClick={askCancel}>
          Cancel…
        </button>
      )}
      {mayRetry && (
        <button type="button" onClick={() => void retry(false)}>
          Retry
        </button>
      )}
      {isBlocked.value && (
        <button type="button" class="danger" onClick={() => void retry(true)}>
          Retry although it is blocked
        </button>
      )}
      {isDeployed && <DeployButton service={service} environment={environment} rollback label="Roll back…" />}
      {!isOpen && <DeployButton service={service} environment={environment} label="Deploy…" />}
      <CancelDialog dialog={cancelDialog} deployment={deployment} cancel={cancel} />
    </>
  );
}

function useActs(id: string) {
  const [fault, isBlocked] = [useSignal<string | null>(null), useSignal(false)];
  const { route } = useLocation();
  const params = { path: { id } };
  const act = async (work: () => Promise<unknown>) => {
    fault.value = null;
    isBlocked.value = false;
    await work().catch((error: Error) => {
      fault.value = error.message;
      isBlocked.value = error instanceof Problem && error.code === 'release-blocked';
    });
    await queries.invalidateQueries({ queryKey: ['deployment', id] });
  };
  return {
    ...{ fault, isBlocked },
    cancel: () => act(() => answerOf(api.POST('/api/v1/deployments/{id}/cancel', { params }))),
    approve: () => act(() => answerOf(api.POST('/api/v1/deployments/{id}/approve', { params }))),
    retry: (force: boolean) =>
      act(async () => {
        const made = await answerOf(api.POST('/api/v1/deployments/{id}/retry', { params, body: { force } }));
        route(`/deployments/${encodeURIComponent(made.id)}`);
      }),
  };
}

/** The deployment that made what should run there. */
function useDeployed(environment: string, service: string, enabled: boolean): string | null {
  const { data } = useQuery({
    queryKey: ['environment', environment],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/environments/{environment}', { params: { path: { environment } }, signal })),
    enabled,
  });
  return data?.services.find((one) => one.service === service)?.deploymentId ?? null;
}

/** A token approves once, and never what it asked for itself. */
function Approval({ deployment, approve }: { deployment: Deployment; approve: () => void }): VNode | null {
  const { waitingFor, approvals, requestedBy } = deployment;
  const name = session.value?.name;
  if (waitingFor?.code !== 'approval') return null;
  if (requestedBy === name) return <span class="soft">Others have to approve what you asked for.</span>;
  if (approvals.some(({ by }) => by === name)) return <span class="soft">You have approved it.</span>;
  return (
    <button type="button" class="primary" onClick={approve}>
      Approve
    </button>
  );
}
