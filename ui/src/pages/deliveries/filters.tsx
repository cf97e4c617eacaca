import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
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

/** Repository and commit as fields, the result as buttons. */
export function Filters({ filter }: { filter: LedgerFilter }): VNode {
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': { words: 'Filter', act: () => field.current?.focus() } });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    filter.set({ repository: String(data.get('repository')).trim(), commit: String(data.get('commit')).trim() });
  };
  return (
    <search class="head ledger-filter">
      <form onSubmit={submit} class="line" key={`${filter.repository} ${filter.commit}`}>
        <input
          ref={field}
          name="repository"
          type="search"
          aria-label="Repository"
          placeholder="owner/name"
          defaultValue={filter.repository}
        />
        <input
          name="commit"
          type="search"
          aria-label="Commit"
          placeholder="commit"
          pattern="[0-9a-fA-F]{4,64}"
          title="At least four hexadecimal digits"
          defaultValue={filter.commit}
        />
        <button>Filter</button>
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
