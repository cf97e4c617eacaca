import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { useOverview } from '../../api/overview.js';
import { meantName } from '../../parts/meant-name.js';
import { useKeys } from '../../shell/keys.js';
import { addressOf, commitForm, fields, statuses, type BuildFilter } from './filter.js';

/** Service, branch, commit and status. A change is in force once the field is left, or with Enter. */
export function Filters({ filter }: { filter: BuildFilter }): VNode {
  const { route } = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const names = useOverview().data?.services.map(({ name }) => name) ?? [];
  useKeys({ '/': { words: 'Filter', act: () => form.current?.querySelector('input')?.focus() } });
  const apply = () => {
    if (form.current?.reportValidity() !== true) return;
    const given = new FormData(form.current);
    const next = fields.flatMap((name) => {
      const typed = String(given.get(name) ?? '').trim();
      const value = name === 'service' ? meantName(typed, names) : typed;
      return value === '' ? [] : [[name, value]];
    });
    const address = addressOf(Object.fromEntries(next) as BuildFilter);
    const field = form.current.elements.namedItem('service') as HTMLInputElement;
    field.value = meantName(field.value, names);
    if (address !== addressOf(filter)) route(address, true);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    apply();
  };
  return (
    <search>
      <form class="filters" ref={form} key={addressOf(filter)} onSubmit={submit} onChange={apply}>
        <label>
          Service <input name="service" list="all-services" defaultValue={filter.service} autocomplete="off" />
        </label>
        <datalist id="all-services">
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <label>
          Branch <input name="branch" defaultValue={filter.branch} autocomplete="off" />
        </label>
        <label>
          Commit{' '}
          <input
            name="commit"
            class="mono"
            defaultValue={filter.commit}
            autocomplete="off"
            pattern={commitForm}
            title="At least four hexadecimal digits"
          />
        </label>
        <label>
          Status{' '}
          <select name="status" defaultValue={filter.status ?? ''}>
            <option value="">all</option>
            {statuses.map((status) => (
              <option key={status} value={status} selected={status === filter.status}>
                {status}
              </option>
            ))}
          </select>
        </label>
        {addressOf(filter) !== '/builds' && <a href="/builds">Show all</a>}
      </form>
    </search>
  );
}
