import type { Build } from '../../../model/build.js';
import type { RecordedDecision } from '../../../model/decision.js';
import type { Service } from '../../../model/service.js';
import { sameRepository } from '../../../same-repository.js';
import type { Page, PageRequest, Store } from '../../../store/contract.js';
import { stateOf, whyPath, type CommitStatus } from './status.js';

export type StandingState =
  'failed' | 'canceled' | 'running' | 'queued' | 'built' | 'reused' | 'superseded' | 'nothing to build';

/** How one service stands at a commit. */
export interface Standing {
  readonly service: string;
  readonly state: StandingState;
  readonly status: CommitStatus['state'];
  /** One sentence: why it was built or not, or what failed. */
  readonly sentence: string;
  /** Path of the page that explains it. */
  readonly path: string;
  /** Null: there is none. */
  readonly build: Build | null;
}

export interface StandingDeps {
  readonly store: Pick<Store, 'builds' | 'decisions' | 'deliveries'>;
  readonly services: () => ReadonlyMap<string, Service>;
}

const PAGE_ROWS = 200;
/** Rows that are read of one commit. A service has one or two. */
const MAX_ROWS = 20_000;

/** How the services of the repository stand at a commit that was decided on, by name. Fails as the store does. */
export async function standingsAt(
  repository: string,
  commit: string,
  { store, services }: StandingDeps,
): Promise<readonly Standing[]> {
  const own = [...services().values()].filter((service) => sameRepository(service.repository, repository));
  const names = new Set(own.map(({ name }) => name));
  const [decisions, builds] = await Promise.all([
    newestOf((page) => store.decisions.page({ ...page, commit }), names),
    newestOf((page) => store.builds.page({ ...page, commit }), names),
  ]);
  return [...names].sort().flatMap((name) => {
    const [decision, build] = [decisions.get(name), builds.get(name)];
    const isSkip = decision?.decision === 'skip' && (build === undefined || decision.at >= build.queuedAt);
    if (decision !== undefined && isSkip) return [ofSkip(decision)];
    return build === undefined ? [] : [ofBuild(build)];
  });
}

/** The repository as the configuration writes it: GitHub's names differ not by case, and subjects are compared as they are. */
export const configuredName = (repository: string, services: ReadonlyMap<string, Service>): string =>
  [...services.values()].find((service) => sameRepository(service.repository, repository))?.repository ?? repository;

/** The newest row of each service, from pages that begin with the newest. */
async function newestOf<Row extends { readonly service: string }>(
  read: (page: PageRequest) => Promise<Page<Row>>,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Row>> {
  const newest = new Map<string, Row>();
  let cursor: string | null = null;
  for (let rows = 0; rows < MAX_ROWS; rows += PAGE_ROWS) {
    const page: Page<Row> = await read({ limit: PAGE_ROWS, cursor });
    for (const row of page.items) if (names.has(row.service) && !newest.has(row.service)) newest.set(row.service, row);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return newest;
}

const ofSkip = ({ service, head, reason }: RecordedDecision): Standing => ({
  ...{ service, state: 'nothing to build', status: 'success', sentence: reason.message },
  ...{ path: whyPath(service, head ?? ''), build: null },
});

function ofBuild(build: Build): Standing {
  const { id, service, status, outcome, error, reason } = build;
  const state = status === 'succeeded' ? (outcome ?? 'built') : status;
  const sentence = error?.message ?? reason.message;
  return { service, state, status: stateOf(build), sentence, path: `/builds/${id}`, build };
}
