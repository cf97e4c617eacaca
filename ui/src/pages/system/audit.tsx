import { useInfiniteQuery } from '@tanstack/preact-query';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { answerOf, api } from '../../api/client.js';
import { Loaded } from '../../shell/page.js';
import { Ago } from '../../parts/time.js';
import { callOf } from './sentences.js';

const PAGE_ENTRIES = 25;

/** Who did what, when, and from where. */
export function Audit(): VNode {
  const token = useSignal('');
  const read = useInfiniteQuery({
    queryKey: ['audit', token.value],
    queryFn: ({ signal, pageParam }) => {
      const query = {
        limit: PAGE_ENTRIES,
        ...(token.value !== '' && { token: token.value }),
        ...(pageParam !== '' && { cursor: pageParam }),
      };
      return answerOf(api.GET('/api/v1/audit', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: 0,
  });
  return (
    <section>
      <h2>Audit list</h2>
      <search class="line">
        <label>
          Token{' '}
          <input
            value={token.value}
            autocomplete="off"
            onChange={({ currentTarget }) => (token.value = currentTarget.value.trim())}
          />
        </label>
      </search>
      <Loaded read={read} rows={3}>
        {({ pages }) => <Entries entries={pages.flatMap(({ entries }) => entries)} />}
      </Loaded>
      {read.hasNextPage && (
        <button type="button" onClick={() => void read.fetchNextPage()}>
          Show older calls
        </button>
      )}
    </section>
  );
}

interface Entry {
  readonly at: string;
  readonly by: string;
  readonly address: string;
  readonly method: string;
  readonly route: string;
  readonly parameters: Record<string, string>;
  readonly status: number;
}

function Entries({ entries }: { entries: readonly Entry[] }): VNode {
  if (entries.length === 0) return <p class="soft">No call that acts is listed.</p>;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Audit list">
      <table class="audit">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Answer</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, index) => (
            <tr key={index}>
              <td>
                <Ago at={entry.at} />
              </td>
              <td>{entry.by}</td>
              <td class="mono">{callOf(entry)}</td>
              <td class={`tabular ${entry.status >= 400 ? 'bad' : 'ok'}`}>
                {entry.status >= 400 ? '✕' : '✓'} {entry.status}
              </td>
              <td class="mono">{entry.address}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
