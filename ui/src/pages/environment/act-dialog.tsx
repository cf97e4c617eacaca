import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { answerOf, api } from '../../api/client.js';
import { useRelease } from '../../deploy/queries.js';
import { ImageOf } from '../../parts/image-of.js';
import { isProtected } from '../../parts/protected.js';
import { shortCommit } from '../../parts/short.js';
import { useBusy } from '../../parts/use-busy.js';
import type { Deployment, Environment } from '../../environments/types.js';
import { typedBefore, type Act } from './act-list.js';

interface ActDialogProps {
  readonly act: Act;
  readonly service: string;
  readonly environment: Environment;
  readonly close: () => void;
}

/** Asks before an act, and leads to what becomes of it. */
export function ActDialog({ act, service, environment, close }: ActDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const typed = useSignal('');
  const { isBusy, once, fault } = useBusy();
  const { route } = useLocation();
  const { name } = environment;
  const wanted = typedBefore(act, service, name, isProtected(environment));
  useEffect(() => dialog.current?.showModal(), []);
  const go = () =>
    once(async () => {
      const { id } = await perform(act, service, name);
      dialog.current?.close();
      route(`/deployments/${encodeURIComponent(id)}`);
    });
  return (
    <dialog ref={dialog} aria-labelledby="act-title" onClose={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <h2 id="act-title">
          {act.words}: {service} in {name}
        </h2>
        <p>{act.effect}</p>
        {environment.hold !== null && act.name !== 'rollback' && (
          <p class="warn">
            {name} is held by {environment.hold.by}: “{environment.hold.reason}”.
          </p>
        )}
        {act.name === 'rollback' && <RollbackPlan service={service} environment={name} />}
        {wanted !== null && (
          <label>
            Type <b>{wanted}</b> to go on{' '}
            <input
              type="text"
              autocomplete="off"
              value={typed.value}
              onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
            />
          </label>
        )}
        <p class="bad" role="alert">
          {fault.value}
        </p>
        <div class="line">
          <button
            type="submit"
            class={act.name === 'remove' || act.name === 'stop' ? 'danger' : 'primary'}
            disabled={isBusy.value || (wanted !== null && typed.value !== wanted)}
          >
            {act.words} in {name}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** What a rollback would go to. */
function RollbackPlan({ service, environment }: { service: string; environment: string }): VNode {
  const said = useSignal('Asking what it goes back to …');
  const target = useSignal<number | null>(null);
  const { data } = useRelease(service, target.value);
  useEffect(() => {
    const call = api.POST('/api/v1/environments/{environment}/services/{service}/rollback', {
      params: { path: { environment, service } },
      body: { dryRun: true },
    });
    answerOf(call).then(
      (plan) => {
        const { release, hosts } = plan as { release: number; hosts: readonly { host: string; action: string }[] };
        const touched = hosts.filter(({ action }) => action !== 'none').map(({ host }) => host);
        target.value = release;
        said.value = `It goes back to release ${release}${touched.length > 0 ? ` on ${touched.join(', ')}` : ''}.`;
      },
      (error: Error) => (said.value = error.message),
    );
  }, []);
  const tag = data?.image.tags[0] ?? null;
  return (
    <p role="status">
      {said.value}{' '}
      {data !== undefined && tag !== null && (
        <>
          That is <span class="mono">{tag}</span>, commit <span class="mono">{shortCommit(data.commit)}</span>
          <ImageOf commit={data.commit} tag={tag} />.
        </>
      )}
    </p>
  );
}

function perform({ name }: Act, service: string, environment: string): Promise<Deployment> {
  const params = { path: { environment, service } };
  switch (name) {
    case 'remove':
      return answerOf(
        api.DELETE('/api/v1/environments/{environment}/services/{service}', { params, body: { confirm: service } }),
      );
    case 'rollback':
      return answerOf(
        api.POST('/api/v1/environments/{environment}/services/{service}/rollback', { params, body: {} }),
      ) as Promise<Deployment>;
    case 'adopt-observed':
      return answerOf(
        api.POST('/api/v1/environments/{environment}/services/{service}/adopt-observed', { params, body: {} }),
      );
    case 'restart':
      return answerOf(api.POST('/api/v1/environments/{environment}/services/{service}/restart', { params }));
    case 'stop':
      return answerOf(api.POST('/api/v1/environments/{environment}/services/{service}/stop', { params }));
    case 'start':
      return answerOf(api.POST('/api/v1/environments/{environment}/services/{service}/start', { params }));
  }
}
