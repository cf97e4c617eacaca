import type { Approval, Deployment, DeploymentError, NewDeployment } from '../model/deployment.js';
import { announce } from './announce.js';
import type { Deployments, PairOf } from './contract.js';
import {
  deploymentColumns,
  deploymentOf,
  isAboutRelease,
  jsonOrNull,
  newDeploymentColumns,
  parse,
} from './deployment-rows.js';
import { presentRow } from './desired.js';
import type { Database, InTransaction } from './schema.js';
import { noteFailed } from './verdicts.js';

/** What may be asked for, and what may change before an attempt begins. */
export function createDeploymentRequests(
  db: Database,
): Pick<Deployments, 'add' | 'released' | 'postpone' | 'approve' | 'end' | 'cancel'> {
  return {
    add: (deployment, now, onlyIfDesired) =>
      db.transaction().execute(async (trx) => {
        const present = onlyIfDesired && (await presentRow(trx, deployment));
        if (onlyIfDesired && onlyIfDesired.deploymentId !== (present?.deployment_id ?? null)) return null;
        return addPending(trx, deployment, now);
      }),
    async released(id, release, specification, warnings) {
      const { numUpdatedRows } = await db
        .updateTable('deployments')
        .set({
          release: JSON.stringify(release),
          release_number: release.number,
          specification: JSON.stringify(specification),
          warnings: JSON.stringify(warnings),
          waiting: null,
          not_before: 0,
        })
        .where('id', '=', id)
        .where('status', '=', 'pending')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async postpone(id, notBefore, waitedOut) {
      await db
        .updateTable('deployments')
        .set({ not_before: notBefore, waiting: jsonOrNull(waitedOut) })
        .where('id', '=', id)
        .where('status', '=', 'pending')
        .execute();
    },
    approve: (id, by, now) => db.transaction().execute((trx) => approve(trx, id, { by, at: now })),
    end: (id, error, now) => db.transaction().execute((trx) => endPending(trx, id, error, now)),
    cancel: (id, now) => db.transaction().execute((trx) => cancel(trx, id, now)),
  };
}

/** Stores a pending deployment, and supersedes others as `Deployments.add` says. */
export async function addPending(trx: InTransaction, deployment: NewDeployment, now: number) {
  const superseded = await supersede(trx, deployment, now);
  const leaves = deployment.kind === 'rollback' ? await stopOthers(trx, deployment) : null;
  return { deployment: await insert(trx, deployment, leaves, now), superseded };
}

/** Stores a deployment that has ended before it began. */
export async function addFailed(
  trx: InTransaction,
  deployment: NewDeployment,
  error: DeploymentError,
  now: number,
): Promise<Deployment> {
  const pending = await insert(trx, deployment, null, now);
  await endPending(trx, deployment.id, error, now);
  return { ...pending, status: 'failed', error, finishedAt: now };
}

async function insert(
  trx: InTransaction,
  deployment: NewDeployment,
  leaves: number | null,
  now: number,
): Promise<Deployment> {
  const present = await presentRow(trx, deployment);
  const row = await trx
    .insertInto('deployments')
    .values({ ...newDeploymentColumns(deployment, present ? fromOf(present.release) : null, now), leaves })
    .returning(deploymentColumns)
    .executeTakeFirstOrThrow();
  return deploymentOf(row);
}

function fromOf(release: string): Deployment['from'] {
  const { number, tag, digest } = parse<NonNullable<Deployment['release']>>(release);
  return { number, tag, digest };
}

/**
 * Pending deployments of the pair that a request takes the place of, and those that wait at their gate, with a warning that names it. Those
 * that have begun are due, so that their worker ends them.
 */
async function supersede(trx: InTransaction, request: NewDeployment, now: number): Promise<readonly string[]> {
  const { id: by, environment, service, requester } = request;
  const pending = trx
    .updateTable('deployments')
    .where('environment', '=', environment)
    .where('service', '=', service)
    .where('status', '=', 'pending')
    .where('by_person', 'in', requester.person ? [0, 1] : [0]);
  await pending.set({ not_before: 0 }).where('started_at', 'is not', null).execute();
  const ended = await pending
    .set({ status: 'superseded', finished_at: now, waiting: null })
    .where('started_at', 'is', null)
    .returning(['id', 'seq', 'warnings'])
    .execute();
  await announce(
    trx,
    'deployment',
    ended.map(({ id }) => id),
  );
  const all = [...ended, ...(await supersedeAtGate(trx, request))];
  for (const { id, warnings } of all) {
    const said = [...parse<readonly string[]>(warnings), `superseded by deployment ${by}`];
    await trx
      .updateTable('deployments')
      .set({ warnings: JSON.stringify(said) })
      .where('id', '=', id)
      .execute();
  }
  return all.sort((a, b) => a.seq - b.seq).map(({ id }) => id);
}

/** Their worker removes what was made for them. A repair takes no other's place, and a way back cancels what runs. */
async function supersedeAtGate(trx: InTransaction, { kind, environment, service, requester }: NewDeployment) {
  if (!requester.person && kind !== 'deployment') return [];
  return trx
    .updateTable('deployments')
    .set({ turned_back: 'superseded', not_before: 0 })
    .where('environment', '=', environment)
    .where('service', '=', service)
    .where('status', 'in', kind === 'rollback' ? ['pending'] : ['pending', 'running'])
    .where('gate', '=', 'waits')
    .where('turned_back', 'is', null)
    .where('by_person', 'in', requester.person ? [0, 1] : [0])
    .returning(['id', 'seq', 'warnings'])
    .execute();
}

/**
 * Asks all that have begun to cancel, except those that wait at their gate and do not run: they have changed nothing. Resolves with the
 * release of the one that runs, or null.
 */
async function stopOthers(trx: InTransaction, { environment, service }: PairOf): Promise<number | null> {
  const asked = await trx
    .updateTable('deployments')
    .set({ cancel_requested: 1, not_before: 0 })
    .where('environment', '=', environment)
    .where('service', '=', service)
    .where('status', 'in', ['pending', 'running'])
    .where('started_at', 'is not', null)
    .where(({ eb, not, and }) =>
      not(and([eb('status', '=', 'pending'), eb(eb.fn.coalesce('gate', eb.val('')), '=', 'waits')])),
    )
    .returning(['seq', 'kind', 'release_number'])
    .execute();
  const deployments = asked.filter(({ kind }) => kind === 'deployment').sort((a, b) => b.seq - a.seq);
  return deployments[0]?.release_number ?? null;
}

async function approve(trx: InTransaction, id: string, approval: Approval) {
  const row = await trx
    .selectFrom('deployments')
    .select(['status', 'approvals', 'release_number', 'specification'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.status !== 'pending' && row.status !== 'running') return 'already-ended';
  if (row.release_number === null || row.specification === null) return 'too-early';
  const others = parse<readonly Approval[]>(row.approvals).filter(({ by }) => by !== approval.by);
  const approvals = JSON.stringify([...others, approval]);
  await trx.updateTable('deployments').set({ approvals }).where('id', '=', id).execute();
  return 'approved';
}

async function endPending(
  trx: InTransaction,
  id: string,
  error: DeploymentError | null,
  now: number,
): Promise<boolean> {
  const ended = await trx
    .updateTable('deployments')
    .set({
      status: error === null ? 'canceled' : 'failed',
      error: jsonOrNull(error),
      finished_at: now,
      waiting: null,
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning(['kind', 'environment', 'service', 'release_number as number'])
    .executeTakeFirst();
  if (ended === undefined) return false;
  await announce(trx, 'deployment', [id]);
  const { kind, environment, service, number } = ended;
  if (error !== null && number !== null && isAboutRelease(kind)) {
    await noteFailed(trx, { environment, service, number }, { at: now, deploymentId: id, error, blocks: false });
  }
  return true;
}

async function cancel(trx: InTransaction, id: string, now: number) {
  const row = await trx
    .selectFrom('deployments')
    .select(['status', 'started_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.status !== 'pending' && row.status !== 'running') return 'already-ended';
  if (row.started_at === null) {
    await endPending(trx, id, null, now);
    return 'canceled';
  }
  await trx.updateTable('deployments').set({ cancel_requested: 1, not_before: 0 }).where('id', '=', id).execute();
  return 'requested';
}
