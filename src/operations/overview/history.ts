import { setImmediate } from 'node:timers/promises';
import type {
  BranchDecision,
  BranchImage,
  BranchOf,
  BuildDetails,
  BuildInFlight,
  EndedBuild,
  OverviewMark,
  Overviews,
} from '../../store/contract.js';

/** What is over on a branch. */
export interface BranchHistory {
  /** The newest decision about its head. */
  readonly decision: BranchDecision | null;
  readonly image: BranchImage | null;
  /** The newest build that was not overtaken, or, if each was, the newest. */
  readonly last: (Pick<EndedBuild, 'id' | 'status' | 'outcome'> & BuildDetails) | null;
  /** When the last build ended. */
  readonly at: number | null;
  readonly expectedMs: number | null;
  readonly outcomes: string;
}

/** Letters of a row. */
export const MAX_OUTCOMES = 20;
/** Builds that the expected time is the median of. */
const MEDIAN_BUILDS = 5;
/** Branches that are read before other work gets its turn. */
const BRANCHES_PER_TURN = 25;

const letters: Readonly<Record<EndedBuild['status'], string>> = {
  succeeded: 'b',
  failed: 'f',
  canceled: 'c',
  superseded: 's',
};
const [reused, skipped] = ['r', '-'];

/**
 * Remembers what is over on branches. What has ended stays as it is, so a branch is read again only if it had a build in flight, or has a new
 * build or decision.
 */
export class Histories {
  readonly #known = new Map<string, BranchHistory>();
  #mark: OverviewMark | null = null;
  #removals = 0;
  /** What was in flight when it was asked last. */
  #open: readonly BranchOf[] = [];

  constructor(private readonly store: () => Overviews) {}

  /** Reads what has changed on the branches, and what is in flight on all. One call at a time. */
  async read(branches: readonly BranchOf[]): Promise<readonly BuildInFlight[]> {
    const store = this.store();
    const { removals } = store.revision();
    if (removals !== this.#removals) this.#forgetAll();
    // In this order: what ends or begins in between is read again the next time.
    const { branches: changed, mark } = await store.since(this.#mark);
    const open = await store.inFlight();
    for (const branch of [...changed, ...this.#open]) this.#known.delete(keyOf(branch));
    this.#removals = removals;
    this.#mark = mark;
    this.#open = open;
    this.#keepOnly(branches);
    await this.#readMissing(branches.filter((branch) => !this.#known.has(keyOf(branch))));
    return open;
  }

  of(branch: BranchOf): BranchHistory {
    return this.#known.get(keyOf(branch)) ?? noHistory;
  }

  #forgetAll(): void {
    this.#known.clear();
    this.#mark = null;
  }

  #keepOnly(branches: readonly BranchOf[]): void {
    const wanted = new Set(branches.map(keyOf));
    for (const key of this.#known.keys()) if (!wanted.has(key)) this.#known.delete(key);
  }

  async #readMissing(missing: readonly BranchOf[]): Promise<void> {
    for (let at = 0; at < missing.length; at += BRANCHES_PER_TURN) {
      const some = missing.slice(at, at + BRANCHES_PER_TURN);
      for (const [key, history] of await historiesOf(some, this.store())) this.#known.set(key, history);
      await setImmediate();
    }
  }
}

export const noHistory: BranchHistory = {
  ...{ decision: null, image: null, last: null, at: null, expectedMs: null, outcomes: '' },
};

export const keyOf = ({ service, branch }: BranchOf): string => `${service}\0${branch}`;

async function historiesOf(
  branches: readonly BranchOf[],
  store: Overviews,
): Promise<readonly (readonly [string, BranchHistory])[]> {
  const ended = grouped(await store.ended(branches, MAX_OUTCOMES));
  const skips = grouped(await store.skips(branches, MAX_OUTCOMES));
  const decisions = grouped(await store.decided(branches));
  const images = grouped(await store.images(branches));
  const lasts = branches.map((branch) => lastOf(ended.get(keyOf(branch)) ?? []));
  const known = await store.details(lasts.flatMap((last) => (last === null ? [] : [last.id])));
  const details = new Map(known.map((one) => [one.id, one]));
  // Further back than the letters go.
  const isShort = (branch: BranchOf) => {
    const builds = ended.get(keyOf(branch)) ?? [];
    return builds.length === MAX_OUTCOMES && successesOf(builds).length < MEDIAN_BUILDS;
  };
  const earlier = grouped(await earlierSuccesses(branches.filter(isShort), store));
  return branches.map((branch, at) => {
    const key = keyOf(branch);
    const builds = ended.get(key) ?? [];
    const last = lasts[at] ?? null;
    const detail = last === null ? undefined : details.get(last.id);
    const history: BranchHistory = {
      decision: decisions.get(key)?.[0] ?? null,
      image: images.get(key)?.[0] ?? null,
      last: last === null || detail === undefined ? null : { ...last, ...detail },
      at: builds[0]?.finishedAt ?? null,
      expectedMs: expected(successesOf(earlier.get(key) ?? builds)),
      outcomes: outcomesOf(builds, skips.get(key) ?? []),
    };
    return [key, history] as const;
  });
}

const earlierSuccesses = async (branches: readonly BranchOf[], store: Overviews) =>
  branches.length === 0 ? [] : store.ended(branches, MEDIAN_BUILDS, 'succeeded');

const successesOf = (builds: readonly EndedBuild[]) => builds.filter(({ status }) => status === 'succeeded');

const lastOf = (builds: readonly EndedBuild[]): EndedBuild | null =>
  builds.find(({ status }) => status !== 'superseded') ?? builds[0] ?? null;

/** The newest first. */
function expected(successes: readonly EndedBuild[]): number | null {
  const times = successes
    .slice(0, MEDIAN_BUILDS)
    .map(({ startedAt, finishedAt }) => finishedAt - (startedAt ?? finishedAt))
    .sort((one, other) => one - other);
  const middle = times.length >> 1;
  const upper = times[middle];
  if (upper === undefined) return null;
  return times.length % 2 === 1 ? upper : Math.round(((times[middle - 1] ?? upper) + upper) / 2);
}

/** Builds by their ends and decisions by their times, the oldest first. */
function outcomesOf(builds: readonly EndedBuild[], skips: readonly { readonly at: number }[]): string {
  const all = [
    ...builds.map(({ finishedAt: at, status, outcome }) => ({
      at,
      letter: outcome === 'reused' ? reused : letters[status],
    })),
    ...skips.map(({ at }) => ({ at, letter: skipped })),
  ];
  const sorted = all.sort((one, other) => one.at - other.at);
  return sorted
    .slice(-MAX_OUTCOMES)
    .map(({ letter }) => letter)
    .join('');
}

/** Rows by their branches. */
export function grouped<Row extends BranchOf>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
