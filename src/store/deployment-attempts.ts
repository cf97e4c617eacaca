import { sql, type UpdateObject } from 'kysely';
import type { Clock } from '../clock.js';
import type { Attempt } from '../model/build.js';
import type { AdoptedContainer } from '../model/deployment.js';
import type { DeploymentProgress, Deployments } from './contract.js';
import { deploymentColumns, deploymentOf, jsonOrNull, parse } from './deployment-rows.js';
import type { OpenedDatabase } from './dialect.js';
import { finishDeployment } from './finish-deployment.js';
import { runningStatus } from './in-flight.js';
import type { Database, InTransaction, Schema } from './schema.js';

type Attempts =
  'claim' | 'owned' | 'progress' | 'turnBack' | 'waitAtGate' | 'passGate' | 'adopts' | 'finish' | 'putBack';
type DeploymentUpdate = UpdateObject<Schema, 'deployments'>;

/** What a worker may take, and write of an attempt that it still owns. */
export function createDeploymentAttempts(
  { db, withoutWaiting }: OpenedDatabase,
  clock: Pick<Clock, 'now'>,
): Pick<Deployments, Attempts> {
  return {
    async claim(id, worker, now) {
      const row = await claimPending(db, { id, worker, leasedAt: clock.now(), now });
      return row ? deploymentOf(row) : null;
    },
    owned: (attempt) => leaseLeft(db, attempt, clock.now()),
    progress: (attempt, progress) => withoutWaiting((trx) => update(trx, attempt, progressColumns(attempt, progress))),
    // The first reason counts: what goes back never goes on.
    turnBack: (attempt, why, error) =>
      update(db, attempt, {
        turned_back: sql`coalesce(turned_back, ${why})`,
        error: sql`coalesce(error, ${jsonOrNull(error)})`,
      }),
    waitAtGate: (attempt, as) => update(db, attempt, waitingColumns(as)),
    passGate: (attempt) => passGate(db, attempt),
    adopts: (attempt, adopted) => db.transaction().execute((trx) => adopt(trx, attempt, adopted)),
    finish: (attempt, end, now) => db.transaction().execute((trx) => finishDeployment(trx, attempt, end, now)),
    putBack: (attempt, notBefore, waitedOut) =>
      update(db, attempt, {
        status: 'pending',
        worker: null,
        not_before: sql`case when cancel_requested = 1 then 0 else ${notBefore} end`,
        waiting: jsonOrNull(waitedOut),
        gate: stillPassed,
      }),
  };
}

interface Claim {
  readonly id: string;
  readonly worker: string;
  readonly leasedAt: number;
  readonly now: number;
}

/** One statement, so that two claims never take the same one. The unique index over running ones guards the rest. */
const claimPending = (db: Database, { id, worker, leasedAt, now }: Claim) =>
  db
    .updateTable('deployments')
    .set((eb) => ({
      status: 'running',
      worker,
      claim: eb('claim', '+', 1),
      started_at: eb.fn.coalesce('started_at', eb.val(now)),
      gate: stillPassed,
    }))
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('specification', 'is not', null)
    .where('release', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('workers').select('id').where('id', '=', worker).where('lease_until', '>', leasedAt)),
    )
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('deployments as other')
            .select('other.id')
            .where('other.status', '=', runningStatus)
            .whereRef('other.environment', '=', 'deployments.environment')
            .whereRef('other.service', '=', 'deployments.service'),
        ),
      ),
    )
    .returning(deploymentColumns)
    .executeTakeFirst();

/** Milliseconds that are left of the lease under which the attempt runs; 0 if it runs no more. */
async function leaseLeft(db: Database, { id, claim }: Attempt, now: number): Promise<number> {
  const row = await db
    .selectFrom('deployments')
    .innerJoin('workers', 'workers.id', 'deployments.worker')
    .select('workers.lease_until')
    .where('deployments.id', '=', id)
    .where('deployments.status', '=', runningStatus)
    .where('deployments.claim', '=', claim)
    .executeTakeFirst();
  return Math.max(0, (row?.lease_until ?? 0) - now);
}

/** False if the attempt is lost: then nothing changes. */
async function update(
  db: Database | InTransaction,
  { id, claim }: Attempt,
  columns: DeploymentUpdate,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('deployments')
    .set(columns)
    .where('id', '=', id)
    .where('status', '=', runningStatus)
    .where('claim', '=', claim)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** With the claim, so that a call that learns nothing still finds out whether the attempt is lost. */
function progressColumns({ claim }: Attempt, progress: DeploymentProgress): DeploymentUpdate {
  const { hosts, steps, warnings, waitedOut, activeBefore } = progress;
  return {
    claim,
    ...(hosts !== undefined && { hosts: JSON.stringify(hosts) }),
    ...(steps !== undefined && { steps: JSON.stringify(steps) }),
    ...(warnings !== undefined && { warnings: JSON.stringify(warnings) }),
    ...(activeBefore !== undefined && { active_before: JSON.stringify(activeBefore) }),
    ...(waitedOut !== undefined && { waiting: jsonOrNull(waitedOut) }),
  };
}

/** What waits at its gate while it runs does so again in its next attempt. */
export const stillPassed = sql<string | null>`case when gate = 'passed' then gate end`;

/** Why a newer deployment takes the place of one that waits at its gate: see `supersede`. */
const supersededBy = sql<string | null>`(
  select 'superseded' from deployments as newer
  where newer.environment = deployments.environment and newer.service = deployments.service
    and newer.status = 'pending' and newer.seq > deployments.seq
    and (newer.by_person = 1 or (deployments.by_person = 0 and newer.kind = 'deployment'))
  limit 1
)`;

const waitingColumns = (as: 'pending' | 'running'): DeploymentUpdate => ({
  gate: 'waits',
  waiting: null,
  turned_back: sql`coalesce(turned_back, ${supersededBy})`,
  ...(as === 'pending' && { status: as, worker: null, not_before: 0 }),
});

async function passGate(db: Database, { id, claim }: Attempt): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('deployments')
    .set({ gate: 'passed' })
    .where('id', '=', id)
    .where('status', '=', runningStatus)
    .where('claim', '=', claim)
    .where('turned_back', 'is', null)
    .where('cancel_requested', '=', 0)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Adds containers to those that are known. What was remembered first stays: a later attempt finds them stopped. */
async function adopt(trx: InTransaction, attempt: Attempt, adopted: readonly AdoptedContainer[]): Promise<boolean> {
  const row = await trx
    .selectFrom('deployments')
    .select('adopted')
    .where('id', '=', attempt.id)
    .where('status', '=', runningStatus)
    .where('claim', '=', attempt.claim)
    .executeTakeFirst();
  if (row === undefined) return false;
  const known = parse<readonly AdoptedContainer[]>(row.adopted);
  const isKnown = ({ host, id }: AdoptedContainer) => known.some((other) => other.host === host && other.id === id);
  const all = [...known, ...adopted.filter((container) => !isKnown(container))];
  return update(trx, attempt, { adopted: JSON.stringify(all) });
}

/** Makes running deployments whose worker is gone pending again. */
export async function recoverDeployments(trx: InTransaction): Promise<void> {
  await trx
    .updateTable('deployments')
    .set({ status: 'pending', worker: null, not_before: 0, gate: stillPassed })
    .where('status', '=', runningStatus)
    .where(({ exists, not, selectFrom }) =>
      not(exists(selectFrom('workers').select('id').whereRef('workers.id', '=', 'deployments.worker'))),
    )
    .execute();
}
