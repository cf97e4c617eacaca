import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { api, answerOf } from '../../api/client.js';
import { mayBuild } from '../../api/session.js';
import type { Service } from '../../api/types.js';
import type { Decided } from '../../parts/decided.js';
import { DecisionLine } from '../../parts/decision.js';
import { refName } from '../../parts/short.js';
import { useBusy } from '../../parts/use-busy.js';
import { useKeys } from '../../shell/keys.js';

interface Wish {
  readonly branch: string;
  readonly commit: string;
  readonly noCache: boolean;
}

/** Builds a branch or a commit now. What a push would get can be asked before. */
export function Rebuild({ service }: { service: Service }): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, once, fault, forget } = useBusy();
  const planned = useSignal<readonly Decided[] | null>(null);
  const { route } = useLocation();
  const ask = () => {
    forget();
    planned.value = null;
    dialog.current?.showModal();
  };
  useKeys({ ...(mayBuild.value && { r: { words: 'Rebuild', act: ask } }) });
  if (!mayBuild.value) return null;
  const tried = async (work: (wish: Wish) => Promise<void>) => {
    const fields = form.current;
    if (fields?.reportValidity() === true) await once(() => work(wishOf(fields)));
  };
  const plan = () =>
    tried(async ({ branch, commit }) => {
      planned.value = null;
      const body = { repository: service.repository, branch, ...(commit !== '' && { head: commit }) };
      planned.value = (await answerOf(api.POST('/api/v1/plan', { body }))).decisions;
    });
  const rebuild = () =>
    tried(async ({ branch, commit, noCache }) => {
      const body = { branch, noCache, ...(commit !== '' && { commit }) };
      const params = { path: { service: service.name } };
      route(`/builds/${(await answerOf(api.POST('/rebuild/{service}', { params, body }))).id}`);
    });
  return (
    <>
      <button type="button" onClick={ask}>
        Rebuild…
      </button>
      <dialog ref={dialog} aria-labelledby="rebuild-title" class="rebuild">
        <h2 id="rebuild-title">Rebuild {service.name}</h2>
        <form
          ref={form}
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void rebuild();
          }}
        >
          <Fields service={service} changed={() => (planned.value = null)} />
          <div class="line">
            <button class="primary" disabled={isBusy.value}>
              Rebuild
            </button>
            <button type="button" disabled={isBusy.value} onClick={() => void plan()}>
              What would a push get?
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </div>
        </form>
        <p class="bad" role="alert">
          {fault.value}
        </p>
        <div role="status">{planned.value !== null && <Planned decisions={planned.value} name={service.name} />}</div>
      </dialog>
    </>
  );
}

function wishOf(form: HTMLFormElement): Wish {
  const data = new FormData(form);
  return {
    branch: String(data.get('branch')),
    commit: String(data.get('commit')).trim(),
    noCache: data.get('noCache') !== null,
  };
}

function Fields({ service, changed }: { service: Service; changed: () => void }): VNode {
  const names = service.branches.map(({ branch }) => branch);
  return (
    <>
      <label>
        Branch
        {names.length === 0 ? (
          <input name="branch" required onInput={changed} />
        ) : (
          <select name="branch" onChange={changed}>
            {names.map((name) => (
              <option key={name} value={name}>
                {refName(name)}
              </option>
            ))}
          </select>
        )}
      </label>
      <label>
        Commit
        <input
          name="commit"
          class="mono"
          placeholder="the head of the branch"
          pattern="\s*[0-9a-fA-F]{4,64}\s*"
          title="At least four hexadecimal digits, or nothing"
          onInput={changed}
        />
      </label>
      <label class="row">
        <input name="noCache" type="checkbox" /> Without the cache of the engine
      </label>
    </>
  );
}

/** The decision about this service first, then those about others of the repository. */
function Planned({ decisions, name }: { decisions: readonly Decided[]; name: string }): VNode {
  const sorted = [...decisions].sort((a, b) => Number(b.service === name) - Number(a.service === name));
  return (
    <>
      <h3>A push would get</h3>
      {sorted.length === 0 && <p class="soft">Nothing: no service is concerned.</p>}
      <ul class="planned">
        {sorted.map((decision) => (
          <DecisionLine key={`${decision.service} ${decision.branch}`} decision={{ ...decision, head: null }} name />
        ))}
      </ul>
    </>
  );
}
