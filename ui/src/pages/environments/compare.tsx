import type { VNode } from 'preact';
import type { MatrixEnvironment } from '../../environments/types.js';
import type { UrlState } from '../../shell/url-state.js';

/** Two environments to compare. The table then shows the services that differ. */
export function Compare({ environments, url }: { environments: readonly MatrixEnvironment[]; url: UrlState }) {
  if (environments.length < 2) return null;
  const [from = '', to = ''] = url.get('compare').split(',');
  const set = (one: string, other: string) => url.set({ compare: one === '' && other === '' ? '' : `${one},${other}` });
  return (
    <div class="compare line">
      <Choice label="compare" value={from} names={environments} not={to} choose={(name) => set(name, to)} />
      <Choice label="with" value={to} names={environments} not={from} choose={(name) => set(from, name)} />
      {(from !== '' || to !== '') && (
        <button type="button" class="quiet" onClick={() => set('', '')}>
          show all
        </button>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly MatrixEnvironment[];
  /** The one that is chosen on the other side. */
  readonly not: string;
  readonly choose: (name: string) => void;
}

function Choice({ label, value, names, not, choose }: ChoiceProps): VNode {
  return (
    <label class="soft">
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">–</option>
        {names
          .filter(({ name }) => name !== not)
          .map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
      </select>
    </label>
  );
}
