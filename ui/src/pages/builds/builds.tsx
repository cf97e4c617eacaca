import { useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { answerOf, api } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import { overviewKey, useOverview } from '../../api/overview.js';
import type { Build } from '../../api/types.js';
import { unknownName } from '../../parts/meant-name.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { ended, filterOf, inLine, type BuildFilter } from './filter.js';
import { Filters } from './filters.js';
import { History } from './history.js';
import { RunningRow } from './running-row.js';
import { WaitingRow } from './waiting-row.js';
import './builds.css';

const MAX_LISTED = 200;
const PAGE_BUILDS = 50;
/** Pages of waiting builds that are read. */
const MAX_PAGES = 5;

/** `/builds`: what runs, what waits and why, and what was before. */
export function BuildsPage(): VNode {
  useTitle('Builds');
  useLive({ types: ['build', 'configuration'] }, [['builds'], overviewKey]);
  useLive({ types: ['step'] }, [['builds', 'running']]);
  useLive({ types: ['queue'] }, [['builds', 'queued']]);
  const filter = filterOf(useLocation().query);
  const open = useQuery({
    queryKey: ['builds', 'running', filter],
    queryFn: ({ signal }) => allOf({ ...filter, status: 'running' }, signal),
    enabled: wants(filter, 'running'),
  });
  const queued = useQuery({
    queryKey: ['builds', 'queued', filter],
    queryFn: ({ signal }) => allOf({ ...filter, status: 'queued' }, signal),
    enabled: wants(filter, 'queued'),
  });
  const page = useRef<HTMLDivElement>(null);
  useRowKeys(page, { rows: '.build' });
  return (
    <div class="builds-page" ref={page}>
      <h1 class="hidden">Builds</h1>
      <Filters filter={filter} />
      {wants(filter, 'running') && wants(filter, 'queued') && <Sentence running={open.data} queued={queued.data} />}
      {wants(filter, 'running') && (
        <Loaded read={open} rows={1}>
          {(builds) => <Running builds={builds} />}
        </Loaded>
      )}
      {wants(filter, 'queued') && (
        <Loaded read={queued} rows={1}>
          {(builds) => <Waiting builds={builds} />}
        </Loaded>
      )}
      <Past filter={filter} />
    </div>
  );
}

const wants = ({ status }: BuildFilter, which: 'running' | 'queued'): boolean =>
  status === undefined || status === which;

/** Every build of a filter, a few pages at most. */
async function allOf(query: BuildFilter, signal: AbortSignal): Promise<Build[]> {
  const found: Build[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES && (page === 0 || cursor !== null); page += 1) {
    const asked = { ...query, limit: MAX_LISTED, ...(cursor !== null && { cursor }) };
    const answer: { builds: Build[]; nextCursor: string | null } = await answerOf(
      api.GET('/api/v1/builds', { params: { query: asked }, signal }),
    );
    found.push(...answer.builds);
    cursor = answer.nextCursor;
  }
  return found;
}

/** How much there is to do, first of all. */
function Sentence({ running, queued }: { running: Build[] | undefined; queued: Build[] | undefined }): VNode | null {
  if (running === undefined || queued === undefined) return null;
  const parts = [
    running.length > 0 && `${running.length === 1 ? '1 build runs' : `${running.length} builds run`}`,
    queued.length > 0 && `${queued.length === 1 ? '1 waits' : `${queued.length} wait`}`,
  ].filter(Boolean);
  return (
    <p class="sentence" role="status">
      {parts.length === 0 ? 'Nothing runs, and nothing waits.' : `${parts.join(', ')}.`}
    </p>
  );
}

function Running({ builds }: { builds: readonly Build[] }): VNode | null {
  const { data } = useOverview();
  if (builds.length === 0) return null;
  const expected = new Map(data?.services.map(({ buildId, expectedMs }) => [buildId, expectedMs]));
  return (
    <section>
      <h2>Running</h2>
      <ul class="builds" aria-label="Running builds">
        {builds.map((build) => (
          <RunningRow key={build.id} build={build} expectedMs={expected.get(build.id) ?? null} />
        ))}
      </ul>
    </section>
  );
}

function Waiting({ builds }: { builds: readonly Build[] }): VNode | null {
  if (builds.length === 0) return null;
  return (
    <section>
      <h2>Waiting</h2>
      <ul class="builds" aria-label="Waiting builds">
        {inLine(builds).map((build) => (
          <WaitingRow key={build.id} build={build} of={builds.length} />
        ))}
      </ul>
    </section>
  );
}

/** What has ended, newest first, page by page. */
function Past({ filter }: { filter: BuildFilter }): VNode | null {
  const { data } = useOverview();
  const isOver = filter.status !== 'running' && filter.status !== 'queued';
  const read = useInfiniteQuery({
    queryKey: ['builds', 'past', filter],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...filter, limit: PAGE_BUILDS, ...(pageParam !== '' && { cursor: pageParam }) };
      return answerOf(api.GET('/api/v1/builds', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: isOver,
  });
  if (!isOver) return null;
  return (
    <Loaded read={read}>
      {({ pages }) => (
        <History
          builds={ended(pages.flatMap(({ builds }) => builds))}
          empty={emptyWords(filter, data?.services.map(({ name }) => name) ?? null)}
          more={read.hasNextPage ? () => void read.fetchNextPage() : null}
        />
      )}
    </Loaded>
  );
}

/** Why there is nothing. `names`: the services that are known. */
function emptyWords(filter: BuildFilter, names: readonly string[] | null): string {
  if (Object.keys(filter).length === 0)
    return 'Nothing was built yet. A push to a branch of a service begins its first build.';
  return (names && unknownName('service', filter.service ?? '', names)) ?? 'No build that is over fits the filter.';
}
