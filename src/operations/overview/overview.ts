import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { regionRules } from '../../decide/region-rules.js';
import type { Events } from '../../events.js';
import type { RemoteRefs } from '../../git/contract.js';
import type { Service } from '../../model/service.js';
import type { BranchOf, BuildInFlight, Store } from '../../store/contract.js';
import type { Waiting } from '../contract.js';
import { mainBranch } from '../main-branch.js';
import type { Overview, OverviewAnswer, OverviewCounts, OverviewRow, OverviewState } from './contract.js';
import { grouped, Histories, keyOf, noHistory } from './history.js';
import { rowOf } from './row.js';

export interface OverviewDeps {
  readonly store: Pick<Store, 'overview' | 'regionDrifts' | 'housekeeping'>;
  /** What the git host showed last of a repository, without asking it. */
  readonly shown: (repository: string) => Pick<RemoteRefs, 'defaultBranch'> | null;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly waiting: Pick<Waiting, 'ofBuilds'>;
  /** A sentence that says why no build may start for lack of disk space, or null. */
  readonly lowDisk: () => Promise<string | null>;
  readonly events: Events;
  readonly clock: Pick<Clock, 'now'>;
}

/** What does not come from the store, and how often it has changed. */
interface Outside {
  changes: number;
  isDiskLow: boolean;
  /** When a queued build that pauses may begin. */
  pausedUntil: number;
}

/** Every service with its main branch. Remembers the last answer, and what is over on the branches. */
export function createOverview(deps: OverviewDeps): Overview {
  const run = randomBytes(4).toString('hex');
  const histories = new Histories(() => deps.store.overview);
  const outside: Outside = { changes: 0, isDiskLow: false, pausedUntil: Infinity };
  let last: { readonly revision: string; readonly answer: Promise<OverviewAnswer> } | null = null;
  let next: Promise<OverviewAnswer> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  deps.events.subscribe(({ type }) => {
    if (type === 'configuration') outside.changes += 1;
  });
  const revision = async () => {
    await noteOutside(outside, deps);
    const { changes, removals } = deps.store.overview.revision();
    return `${run}-${outside.changes}-${changes}-${removals}`;
  };
  const begin = async () => {
    next = null;
    const now = await revision();
    if (last?.revision === now) return last.answer;
    const answer = makeAnswer(now, histories, outside, deps);
    last = { revision: now, answer };
    try {
      return await answer;
    } catch (error) {
      // What failed is asked again.
      last = null;
      throw error;
    }
  };
  return {
    revision,
    async answer() {
      const now = await revision();
      if (last?.revision === now) return last.answer;
      // One after the other: they share what is remembered. Everybody who comes until the next one begins gets that.
      if (next === null) {
        next = turn.then(begin);
        turn = next.catch(() => undefined);
      }
      return next;
    },
  };
}

/** Time and disks change without anybody saying so. */
async function noteOutside(outside: Outside, { lowDisk, clock }: OverviewDeps): Promise<void> {
  const isDiskLow = (await lowDisk()) !== null;
  const isOver = clock.now() >= outside.pausedUntil;
  if (isDiskLow !== outside.isDiskLow || isOver) outside.changes += 1;
  outside.isDiskLow = isDiskLow;
  if (isOver) outside.pausedUntil = Infinity;
}

async function makeAnswer(
  revision: string,
  histories: Histories,
  outside: Outside,
  deps: OverviewDeps,
): Promise<OverviewAnswer> {
  const { store, services, shown, waiting, clock } = deps;
  const listed = [...services().values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const branchOf = new Map(listed.map((service) => [service.name, mainBranch(service, shown(service.repository))]));
  const branches = [...branchOf].flatMap(([service, branch]): BranchOf[] =>
    branch === null ? [] : [{ service, branch }],
  );
  const open = await histories.read(branches);
  const queued = open.flatMap((build) => (build.status === 'queued' ? [build] : []));
  const waits = await waiting.ofBuilds(queued);
  outside.pausedUntil = nextPause(queued, clock.now());
  const drifted = await driftedBranches(deps);
  const openOf = grouped(open);
  const rows = listed.map((service) => {
    const branch = branchOf.get(service.name) ?? null;
    const key = keyOf({ service: service.name, branch: branch ?? '' });
    return rowOf({
      ...{ name: service.name, repository: service.repository, branch, waiting: waits },
      history: branch === null ? noHistory : histories.of({ service: service.name, branch }),
      inFlight: openOf.get(key) ?? [],
      drift: drifted.has(key),
    });
  });
  const { running, queued: waitingCount } = await store.housekeeping.load();
  return { revision, counts: countsOf(rows), load: { running, queued: waitingCount }, services: rows };
}

const nextPause = (queued: readonly BuildInFlight[], now: number): number =>
  Math.min(Infinity, ...queued.flatMap(({ notBefore }) => (notBefore > now ? [notBefore] : [])));

/** Of those found with the rules that are in force. */
async function driftedBranches({ store, services }: OverviewDeps): Promise<ReadonlySet<string>> {
  const found = await store.regionDrifts.all();
  return new Set(
    found.flatMap(({ service: name, branch, rules }) => {
      const service = services().get(name);
      return service !== undefined && regionRules(service) === rules ? [keyOf({ service: name, branch })] : [];
    }),
  );
}

const counted: Readonly<Partial<Record<OverviewState, keyof OverviewCounts>>> = {
  failed: 'failing',
  running: 'running',
  queued: 'queued',
  'waits-for-artifact': 'waitsForArtifact',
  built: 'upToDate',
  reused: 'upToDate',
  skipped: 'upToDate',
  none: 'none',
};

function countsOf(rows: readonly OverviewRow[]): OverviewCounts {
  const counts = { failing: 0, running: 0, queued: 0, waitsForArtifact: 0, upToDate: 0, none: 0 };
  for (const { state } of rows) {
    const count = counted[state];
    if (count !== undefined) counts[count] += 1;
  }
  return counts;
}
