import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { mayDeploy } from '../../api/session.js';
import type { Environment, ServiceThere } from '../../environments/types.js';
import { ActDialog } from './act-dialog.js';
import { actsOf, type Act } from './act-list.js';

/** What may be done with a service there. Each asks first. */
export function Acts({ there, environment }: { there: ServiceThere; environment: Environment }): VNode | null {
  const chosen = useSignal<Act | null>(null);
  if (!mayDeploy(environment.name)) return null;
  const acts = actsOf(there);
  if (acts.length === 0) return null;
  return (
    <>
      <select
        class="quiet"
        aria-label={`Do something with ${there.service}`}
        value=""
        onChange={({ currentTarget }) => {
          chosen.value = acts.find(({ name }) => name === currentTarget.value) ?? null;
          currentTarget.value = '';
        }}
      >
        <option value="">more …</option>
        {acts.map(({ name, words }) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
      {chosen.value !== null && (
        <ActDialog
          act={chosen.value}
          service={there.service}
          environment={environment}
          close={() => (chosen.value = null)}
        />
      )}
    </>
  );
}
