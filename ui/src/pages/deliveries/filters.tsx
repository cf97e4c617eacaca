import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { useOverview } from '../../api/overview.js';
import type { LedgerEntry } from '../../api/types.js';
import { meantName } from '../../parts/meant-name.js';
import { useKeys } from '../../shell/keys.js';

const results = [
  { value: '', words: 'all' },
  { value: 'built', words: 'built' },
  { value: 'nothing', words: 'nothing to build' },
  { value: 'waiting', words: 'waiting' },
  { value: 'ignored', words: 'ignored' },
  { value: 'failed', words: 'failed' },
] as const;
type Result = (typeof results)[number]['value'];

export interface LedgerFilter {
  readonly repository: string;
  /** At least four digits, or none. */
  readonly commit: string;
  readonly result: Result;
  /** Goes to the address of another filter. */
  set(change: { repository?: string; commit?: string; result?: Result }): void;
}

export const isNarrowed = ({ repository, commit, result }: LedgerFilter): boolean =>
  repository !== '' || commit !== '' || result !== '';

const commitForm = /^([0-9a-f]{4,40}|[0-9a-f]{64})$/i;

/** The filter of the address. */
export function useLedgerFilter(): LedgerFilter {
  const { query, route } = useLocation();
  const { repository = '', commit = '' } = query;
  const given = {
    repository,
    commit: commitForm.test(commit) ? commit : '',
    result: results.find(({ value }) => value === query['result'])?.value ?? '',
  };
  return {
    ...given,
    set(change) {
      const wanted = Object.entries({ ...given, ...change }).filter(([, value]) => value !== '');
      const search = String(new URLSearchParams(wanted));
      route(search === '' ? '/deliveries' : `/deliveries?${search}`);
    },
  };
}

/** The repositories of services and of the deliveries that are listed. Null: not read yet. */
export function useRepositories(entries: readonly LedgerEntry[]): readonly string[] | null {
  const { data } = useOverview();
  if (data === undefined) return null;
  const listed = entries.flatMap(({ delivery }) => delivery?.repository ?? []);
  return [...new Set([...data.services.map(({ repository }) => repository), ...listed])].sort();
}

/** Repository and commit as fields, the result as buttons. A change is in force once the field is left, or with Enter. */
export function Filters({ filter, repositories }: { filter: LedgerFilter; repositories: readonly string[] }): VNode {
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': { words: 'Filter', act: () => field.current?.focus() } });
  const apply = () => {
    if (form.current?.reportValidity() !== true) return;
    const data = new FormData(form.current);
    const repository = meantName(String(data.get('repository')), repositories);
    const commit = String(data.get('commit')).trim();
    if (field.current !== null) field.current.value = repository;
    if (repository !== filter.repository || commit !== filter.commit) filter.set({ repository, commit });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    apply();
  };
  return (
    <search class="head ledger-filter">
      <form
        ref={form}
        onSubmit={submit}
        onChange={apply}
        onSearch={apply}
        class="line"
        key={`${filter.repository} ${filter.commit}`}
      >
        <input
          ref={field}
          name="repository"
          type="search"
          aria-label="Repository"
          placeholder="owner/name"
          list="all-repositories"
          autocomplete="off"
          defaultValue={filter.repository}
        />
        <datalist id="all-repositories">
          {repositories.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <input
          name="commit"
          type="search"
          aria-label="Commit"
          placeholder="commit"
          pattern="[0-9a-fA-F]{4,64}"
          title="At least four hexadecimal digits"
          defaultValue={filter.commit}
        />
      </form>
      <div class="chips" role="group" aria-label="Result">
        {results.map(({ value, words }) => (
          <button
            key={value}
            type="button"
            aria-pressed={filter.result === value}
            onClick={() => filter.set({ result: value })}
          >
            {words}
          </button>
        ))}
      </div>
    </search>
  );
}
