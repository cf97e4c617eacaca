import { useSignal } from '@preact/signals';
import { useQuery } from '@tanstack/preact-query';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { api, answerOf } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayDeploy, session } from '../../api/session.js';
import type { Deployment, Environment } from '../../api/types.js';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import type { Again } from '../../deploy/props.js';
import { useBusy } from '../../parts/use-busy.js';
import { useKeys } from '../../shell/keys.js';
import { CancelDialog } from './cancel-dialog.js';
import { RetryDialog } from './retry-dialog.js';

/** Approve, cancel, retry, roll back. The server decides what is allowed; buttons that it would refuse are not shown. */
export function Acts({ deployment }: { deployment: Deployment }): VNode | null {
  const { id, service, environment, status, finishedAt } = deployment;
  const cancelDialog = useRef<HTMLDialogElement>(null);
  const { fault, isBusy, cancel, approve } = useActs(id);
  const may = mayDeploy(environment);
  const place = usePlace(environment, may);
  const isDeployed = deploymentThere(place, service) === id;
  const isOpen = finishedAt === null;
  const mayRetry = may && !isOpen && status !== 'succeeded';
  const askCancel = () => cancelDialog.current?.showModal();
  useKeys({
    ...(may && isOpen && { c: { words: 'Cancel', act: () => askCancel() } }),
  });
  if (!may) return null;
  return (
    <>
      <span class="bad" role="alert">
        {fault.value}
      </span>
      {isOpen && <Approval deployment={deployment} approve={() => void approve()} isBusy={isBusy.value} />}
      {isOpen && (
        <button type="button" class="danger" onClick={askCancel}>
          Cancel…
        </button>
      )}
      {mayRetry && <Retry deployment={deployment} place={place} />}
      {isDeployed && <DeployButton service={service} environment={environment} rollback label="Roll back…" />}
      {!isOpen && <DeployButton service={service} environment={environment} label="Deploy…" />}
      <CancelDialog dialog={cancelDialog} deployment={deployment} cancel={cancel} />
    </>
  );
}

/** What the dialog of deployments needs to ask for it again. Undefined: it brought no release, and has a simpler dialog. */
function againOf({ id, kind, release, reference, reason }: Deployment): Again | undefined {
  if (release === null || (kind !== 'deployment' && kind !== 'repair')) return undefined;
  return { id, tag: release.tag, reference, reason };
}

/** Asks for it again, in the dialog of deployments if it brought a release. */
function Retry({ deployment, place }: { deployment: Deployment; place: Environment | undefined }): VNode {
  const { service, environment, release } = deployment;
  const button = useRef<HTMLButtonElement>(null);
  const isAsked = useSignal(false);
  const again = againOf(deployment);
  useKeys({ r: { words: 'Retry', act: () => button.current?.click() } });
  if (again !== undefined)
    return <DeployButton {...{ button, service, environment, again }} release={release?.number} label="Retry…" />;
  return (
    <>
      <button ref={button} type="button" onClick={() => (isAsked.value = true)}>
        Retry…
      </button>
      {isAsked.value && <RetryDialog deployment={deployment} place={place} close={() => (isAsked.value = false)} />}
    </>
  );
}

function useActs(id: string) {
  const { isBusy, once, fault } = useBusy();
  const params = { path: { id } };
  const act = async (work: () => Promise<unknown>) => {
    await once(work);
    await queries.invalidateQueries({ queryKey: ['deployment', id] });
  };
  return {
    ...{ fault, isBusy },
    cancel: () => act(() => answerOf(api.POST('/api/v1/deployments/{id}/cancel', { params }))),
    approve: () => act(() => answerOf(api.POST('/api/v1/deployments/{id}/approve', { params }))),
  };
}

/** The environment, for those who may deploy there. */
const usePlace = (environment: string, enabled: boolean): Environment | undefined =>
  useQuery({
    queryKey: ['environment', environment],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/environments/{environment}', { params: { path: { environment } }, signal })),
    enabled,
  }).data;

/** The deployment that made what should run there. */
const deploymentThere = (place: Environment | undefined, service: string): string | null =>
  place?.services.find((one) => one.service === service)?.deploymentId ?? null;

/** A token approves once, and never what it asked for itself. */
function Approval({
  deployment,
  approve,
  isBusy,
}: {
  deployment: Deployment;
  approve: () => void;
  isBusy: boolean;
}): VNode | null {
  const { waitingFor, approvals, requestedBy } = deployment;
  const name = session.value?.name;
  if (waitingFor?.code !== 'approval') return null;
  if (requestedBy === name) return <span class="soft">Others have to approve what you asked for.</span>;
  if (approvals.some(({ by }) => by === name)) return <span class="soft">You have approved it.</span>;
  return (
    <button type="button" class="primary" disabled={isBusy} onClick={approve}>
      Approve
    </button>
  );
}
