import { sql } from 'kysely';
import type { BuildError, Outcome } from '../model/build.js';
import type { ReasonCode } from '../model/decision.js';
import type { WaitedOut } from '../model/waiting-for.js';
import type { Changes } from './changes.js';
import type {
  BranchDecision,
  BranchImage,
  BranchOf,
  BuildDetails,
  BuildInFlight,
  EndedBuild,
  OverviewMark,
  Overviews,
} from './contract.js';
import { queuedStatus, runningStatus } from './in-flight.js';
import { pieces } from './pieces.js';
import type { Database } from './schema.js';
import { wantedOf, type Wanted } from './wanted.js';

/** What an overview, the line of queued builds and what they wait for are read from. */
const readFrom = ['builds', 'steps', 'decisions', 'looks', 'bases', 'artifacts', 'region_drift'] as const;

export function createOverviews(db: Database, changes: Changes): Overviews {
  return {
    revision: () => ({ changes: changes.of(readFrom), removals: changes.removals(['builds', 'decisions']) }),
    since: (mark) => since(db, mark),
    inFlight: () => inFlight(db),
    ended: (branches, limit, status) => ofEach(branches, (wanted) => ended(db, wanted, limit, status)),
    skips: (branches, limit) => ofEach(branches, (wanted) => skips(db, wanted, limit)),
    decided: (branches) => ofEach(branches, (wanted) => decided(db, wanted)),
    images: (branches) => ofEach(branches, (wanted) => images(db, wanted)),
    details: (ids) => details(db, ids),
  };
}

/** Asks for some hundreds of branches at a time. */
async function ofEach<Row>(
  branches: readonly BranchOf[],
  ask: (wanted: Wanted) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const some of pieces(branches)) {
    const pairs = some.map(({ service, branch }) => [service, branch] as const);
    rows.push(...(await ask(wantedOf(['service', 'branch'], pairs))));
  }
  return rows;
}

async function since(db: Database, mark: OverviewMark | null): ReturnType<Overviews['since']> {
  const newestBuild = db.selectFrom('builds').select('seq').orderBy('seq', 'desc').limit(1);
  const newestDecision = db.selectFrom('decisions').select('id').orderBy('id', 'desc').limit(1);
  const reached: OverviewMark = {
    build: (await newestBuild.executeTakeFirst())?.seq ?? 0,
    decision: (await newestDecision.executeTakeFirst())?.id ?? 0,
  };
  if (mark === null) return { branches: [], mark: reached };
  const built = await db.selectFrom('builds').select(['service', 'branch']).where('seq', '>', mark.build).execute();
  const { rows } = await sql<BranchOf>`select service, branch from decisions where id > ${mark.decision}`.execute(db);
  return { branches: [...built, ...rows], mark: reached };
}

async function inFlight(db: Database): Promise<readonly BuildInFlight[]> {
  const rows = await db
    .selectFrom('builds')
    .select(['id', 'service', 'branch', 'status', 'commit_id', 'reason_message', 'queued_at', 'started_at'])
    .select(['seq', 'attempt', 'not_before', 'waiting'])
    .where('status', 'in', [queuedStatus, runningStatus])
    .execute();
  const running = rows.flatMap(({ id, status }) => (status === 'running' ? [id] : []));
  const steps = new Map<string, string>();
  for (const some of pieces(running)) {
    const open = await db
      .selectFrom('steps')
      .select(['build_id', 'name'])
      .where('build_id', 'in', some)
      .where('finished_at', 'is', null)
      .orderBy('build_id')
      .orderBy('seq')
      .execute();
    for (const step of open) steps.set(step.build_id, step.name);
  }
  // No index has both statuses in this order.
  const oldestFirst = [...rows].sort((one, other) => one.seq - other.seq);
  return oldestFirst.map((row) => ({
    ...{ id: row.id, service: row.service, branch: row.branch, commit: row.commit_id },
    status: row.status as BuildInFlight['status'],
    reason: row.reason_message,
    queuedAt: row.queued_at,
    startedAt: row.status === 'running' ? row.started_at : null,
    attempt: row.attempt,
    notBefore: row.not_before,
    waitedOut: row.waiting === null ? null : (JSON.parse(row.waiting) as WaitedOut),
    step: steps.get(row.id) ?? null,
  }));
}

interface EndedRow extends BranchOf {
  readonly id: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly started_at: number | null;
  readonly finished_at: number;
}

async function ended(
  db: Database,
  wanted: Wanted,
  limit: number,
  status: 'succeeded' | undefined,
): Promise<readonly EndedBuild[]> {
  const which = status === undefined ? sql`not in (${queuedStatus}, ${runningStatus})` : sql`= ${sql.lit(status)}`;
  const { rows } = await sql<EndedRow>`${wanted}
    select builds.service, builds.branch, builds.id, builds.status, builds.outcome, builds.started_at, builds.finished_at
    from wanted cross join builds on builds.seq in (
      select last.seq from builds as last
      where last.service = wanted.service and last.branch = wanted.branch and last.status ${which}
      order by last.seq desc limit ${limit}
    )`.execute(db);
  return newestFirst(
    rows.map(({ service, branch, id, status: its, outcome, started_at: startedAt, finished_at: finishedAt }) => ({
      ...{ service, branch, id, startedAt, finishedAt },
      status: its as EndedBuild['status'],
      outcome: outcome as Outcome | null,
    })),
  );
}

/** The database gives those of a branch in the order of their numbers. */
const newestFirst = <Row>(rows: readonly Row[]): readonly Row[] => [...rows].reverse();

async function skips(
  db: Database,
  wanted: Wanted,
  limit: number,
): Promise<readonly (BranchOf & { readonly at: number })[]> {
  const { rows } = await sql<BranchOf & { readonly at: number }>`${wanted}
    select decisions.service, decisions.branch, decisions.at
    from wanted cross join decisions on decisions.id in (
      select last.id from decisions as last
      where last.service = wanted.service and last.branch = wanted.branch
      and last.decision = 'skip' and last.reason_code <> 'waiting-for-artifact'
      order by last.id desc limit ${limit}
    )`.execute(db);
  return newestFirst(rows);
}

interface DecisionRow extends BranchOf {
  readonly decision: string;
  readonly reason_code: string;
  readonly reason_message: string;
  readonly head: string | null;
  readonly at: number;
}

async function decided(db: Database, wanted: Wanted): Promise<readonly BranchDecision[]> {
  const { rows } = await sql<DecisionRow>`${wanted}
    select decisions.service, decisions.branch, decisions.decision, decisions.reason_code, decisions.reason_message,
      decisions.head, decisions.at
    from wanted cross join decisions on decisions.id = (
      select last.id from decisions as last
      where last.service = wanted.service and last.branch = wanted.branch and last.reason_code <> 'forced'
      order by last.id desc limit 1
    )`.execute(db);
  return rows.map(({ service, branch, decision, reason_code: code, reason_message: reason, head, at }) => ({
    ...{ service, branch, reason, head, at },
    decision: decision as BranchDecision['decision'],
    code: code as ReasonCode,
  }));
}

interface ImageRow extends BranchOf {
  readonly commit_id: string;
  readonly image_digest: string | null;
  readonly image_tags: string | null;
}

async function images(db: Database, wanted: Wanted): Promise<readonly BranchImage[]> {
  const { rows } = await sql<ImageRow>`${wanted}
    select builds.service, builds.branch, builds.commit_id, builds.image_digest, builds.image_tags
    from wanted cross join builds on builds.seq = (
      select last.seq from builds as last
      where last.service = wanted.service and last.branch = wanted.branch
      and last.status = 'succeeded' and last.was_head = 1
      order by last.finished_at desc, last.seq desc limit 1
    )`.execute(db);
  return rows.flatMap(({ service, branch, commit_id: commit, image_digest: digest, image_tags: tags }) =>
    digest === null || tags === null
      ? []
      : [{ service, branch, commit, digest, tags: JSON.parse(tags) as readonly string[] }],
  );
}

async function details(db: Database, ids: readonly string[]): Promise<readonly BuildDetails[]> {
  const found: BuildDetails[] = [];
  for (const some of pieces(ids)) {
    const rows = await db
      .selectFrom('builds')
      .select(['id', 'commit_id', 'queued_at', 'reason_message', 'error'])
      .where('id', 'in', some)
      .execute();
    for (const row of rows) {
      const { id, commit_id: commit, queued_at: queuedAt, reason_message: reason } = row;
      const error = row.error === null ? null : (JSON.parse(row.error) as BuildError);
      found.push({ id, commit, queuedAt, reason, error: error && { message: error.message, step: error.step } });
    }
  }
  return found;
}
