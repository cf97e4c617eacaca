import type { Attempt } from '../model/build.js';
import { announce } from './announce.js';
import type { DeploymentEnd } from './contract.js';
import { closedSteps, isAboutRelease, jsonOrNull } from './deployment-rows.js';
import { changeDesired, fallBehind, presentRow } from './desired.js';
import { runningStatus } from './in-flight.js';
import type { InTransaction } from './schema.js';
import { blockLeft, noteFailed, noteVerified, unblock } from './verdicts.js';

/** Ends an attempt with everything that follows from it. False if it is lost. */
export async function finishDeployment(
  trx: InTransaction,
  { id, claim }: Attempt,
  end: DeploymentEnd,
  now: number,
): Promise<boolean> {
  const row = await trx
    .selectFrom('deployments')
    .select([
      'id',
      'kind',
      'environment',
      'service',
      'release',
      'release_number as number',
      'leaves',
      'forced',
      'steps',
      'started_at',
    ])
    .where('id', '=', id)
    .where('status', '=', runningStatus)
    .where('claim', '=', claim)
    .$narrowType<{ release: string; number: number }>()
    .executeTakeFirst();
  if (row === undefined) return false;
  const at = Math.max(now, row.started_at ?? now);
  await trx
    .updateTable('deployments')
    .set({
      status: end.status,
      error: jsonOrNull('error' in end ? end.error : null),
      finished_at: at,
      waiting: null,
      worker: null,
      steps: closedSteps(row.steps, at),
    })
    .where('id', '=', id)
    .execute();
  await announce(trx, 'deployment', [id]);
  if (end.status === 'succeeded') {
    await succeed(trx, row, end, at);
    return true;
  }
  await fallBehind(trx, row, end.behind ?? []);
  if (end.error !== null && (end.blocks || (isAboutRelease(row.kind) && row.kind !== 'adopt')))
    await noteFailed(trx, row, { at, deploymentId: id, error: end.error, blocks: end.blocks });
  return true;
}

interface Succeeded {
  readonly id: string;
  readonly kind: string;
  readonly environment: string;
  readonly service: string;
  readonly release: string;
  readonly number: number;
  readonly leaves: number | null;
  readonly forced: number;
}

async function succeed(
  trx: InTransaction,
  row: Succeeded,
  { desired, verified }: Extract<DeploymentEnd, { readonly status: 'succeeded' }>,
  at: number,
): Promise<void> {
  const by = { at, deploymentId: row.id };
  const lifts = row.forced === 1;
  if (verified) await noteVerified(trx, row, by, lifts);
  else if (lifts) await unblock(trx, row);
  if (row.kind === 'rollback') {
    const present = await presentRow(trx, row);
    const left = new Set([present?.release_number ?? row.number, row.leaves ?? row.number]);
    for (const number of left) if (number !== row.number) await blockLeft(trx, { ...row, number }, by);
  }
  const specification = typeof desired === 'object' ? desired.specification : undefined;
  if (specification !== undefined)
    await trx
      .updateTable('deployments')
      .set({ specification: JSON.stringify(specification) })
      .where('id', '=', row.id)
      .execute();
  await changeDesired(trx, row, desired, at);
}
