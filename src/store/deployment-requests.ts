import type { Deployment, DeploymentError, NewDeployment } from '../model/deployment.js';
import type { Deployments } from './contract.js';
import {
  deploymentColumns,
  deploymentOf,
  isAboutRelease,
  jsonOrNull,
  newDeploymentColumns,
  parse,
} from './deployment-rows.js';
import { presentRow, type Pair } from './desired.js';
import type { Database, InTransaction } from './schema.js';
import { noteFailed } from './verdicts.js';

/** What may be asked for, and what may change before an attempt begins. */
export function createDeploymentRequests(
  db: Database,
): Pick<Deployments, 'add' | 'released' | 'postpone' | 'end' | 'cancel'> {
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

/** Ends pending deployments of the pair that a request takes the place of, with a warning that names it. Those that have begun are due, so that their worker ends them. */
async function supersede(
  trx: InTransaction,
  { id: by, environment, service, requester }: NewDeployment,
  now: number,
): Promise<readonly string[]> {
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
  for (const { id, warnings } of ended) {
    const all = [...parse<readonly string[]>(warnings), `superseded by deployment ${by}`];
    await trx
      .updateTable('deployments')
      .set({ warnings: JSON.stringify(all) })
      .where('id', '=', id)
      .execute();
  }
  return ended.sort((a, b) => a.seq - b.seq).map(({ id }) => id);
}

/** Asks all that have begun to cancel. Resolves with the release of the one that runs, or null. */
async function stopOthers(trx: InTransaction, { environment, service }: Pair): Promise<number | null> {
  const asked = await trx
    .updateTable('deployments')
    .set({ cancel_requested: 1, not_before: 0 })
    .where('environment', '=', environment)
    .where('service', '=', service)
    .where('status', 'in', ['pending', 'running'])
    .where('started_at', 'is not', null)
    .returning(['seq', 'kind', 'release_number'])
    .execute();
  const deployments = asked.filter(({ kind }) => kind === 'deployment').sort((a, b) => b.seq - a.seq);
  return deployments[0]?.release_number ?? null;
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
