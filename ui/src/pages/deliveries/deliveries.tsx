import { useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { api, answerOf } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import type { LedgerEntry } from '../../api/types.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { unknownName } from '../../parts/meant-name.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { dayName } from './day.js';
import { Empty } from './empty.js';
import { daysOf, entryOf, rowsOf } from './entries.js';
import { Filters, isNarrowed, useLedgerFilter, useRepositories, type LedgerFilter } from './filters.js';
import { Refused } from './refused.js';
import { DeliveryRow, LookRow } from './row.js';
import { useDelivery } from './use-delivery.js';
import './deliveries.css';

const ROWS = 50;
const ledgerKey = ['ledger'] as const;
const webhooksKey = ['webhooks'] as const;

/** `/deliveries`: each push with what followed, and between them what nobody pushed for. */
export function DeliveriesPage(): VNode {
  useTitle('Deliveries');
  useLive({ types: ['delivery', 'build', 'webhook'] }, [ledgerKey, ['delivery'], webhooksKey]);
  const { delivery } = useLocation().query;
  return (
    <>
      <h1>Deliveries</h1>
      {delivery === undefined ? <Ledger /> : <OneDelivery id={delivery} />}
    </>
  );
}

function Ledger(): VNode {
  const filter = useLedgerFilter();
  const { repository, commit, result } = filter;
  const read = useInfiniteQuery({
    queryKey: [...ledgerKey, repository, commit, result],
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = {
        limit: ROWS,
        ...(repository !== '' && { repository }),
        ...(commit !== '' && { commit }),
        ...(result !== '' && { result }),
        ...(cursor !== null && { cursor }),
      };
      return answerOf(api.GET('/api/v1/ledger', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const webhooks = useQuery({
    queryKey: webhooksKey,
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/webhooks', { signal })),
  });
  const entries = read.data?.pages.flatMap((page) => page.entries) ?? [];
  const repositories = useRepositories(entries);
  const { hasNextPage, isFetchingNextPage } = read;
  return (
    <>
      <Filters filter={filter} repositories={repositories ?? []} />
      {webhooks.data && <Refused webhooks={webhooks.data} />}
      <Loaded read={read}>
        {() => (
          <>
            <Rows
              entries={entries}
              filter={filter}
              repositories={repositories}
              empty={webhooks.data ? <Empty webhooks={webhooks.data} /> : null}
            />
            {hasNextPage && (
              <p class="load">
                <button type="button" disabled={isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
                  Load more
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

interface RowsProps {
  readonly entries: readonly LedgerEntry[];
  readonly filter: LedgerFilter;
  /** Those that are known. Null: not read yet. */
  readonly repositories: readonly string[] | null;
  readonly empty: VNode | null;
}

function Rows({ entries, filter, repositories, empty }: RowsProps): VNode | null {
  const unknown = repositories && unknownName('repository', filter.repository, repositories);
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  if (entries.length === 0)
    return isNarrowed(filter) ? (
      <p class="soft" role="status">
        {unknown ?? 'No delivery fits.'} <a href="/deliveries">Show all</a>
      </p>
    ) : (
      empty
    );
  return (
    <ul class="ledger" ref={list} aria-label="Deliveries">
      {daysOf(rowsOf(entries), dayName).flatMap(([day, rows]) =>
        rows.map((row, index) => (
          <li key={row.key} data-row={row.key}>
            {index === 0 && <h2 class="day">{day}</h2>}
            {row.kind === 'delivery' ? <DeliveryRow entry={row.entry} /> : <LookRow entries={row.entries} />}
          </li>
        )),
      )}
    </ul>
  );
}

/** One delivery, unfolded: what links from builds lead to. */
function OneDelivery({ id }: { id: string }): VNode {
  const read = useDelivery(id);
  return (
    <>
      <p class="lead">
        <a href="/deliveries">← all deliveries</a>
      </p>
      <Loaded read={read} rows={2}>
        {(delivery) => (
          <ul class="ledger" aria-label="Deliveries">
            <li>
              <h2 class="day">{dayName(delivery.receivedAt)}</h2>
              <DeliveryRow entry={entryOf(delivery)} open />
            </li>
          </ul>
        )}
      </Loaded>
    </>
  );
}
