import type { ExpressionBuilder } from 'kysely';
import type { ReleaseVerdict } from '../model/release.js';
import type { DeploymentError } from '../model/deployment.js';
import type { Verdict } from './contract.js';
import { verdictOf } from './deployment-rows.js';
import { pieces } from './pieces.js';
import { flag } from './rows.js';
import type { Database, InTransaction, Schema } from './schema.js';

/** A release in an environment. */
export interface Judged {
  readonly service: string;
  readonly number: number;
  readonly environment: string;
}

/** When it was judged, and by which deployment. */
interface Judgement {
  readonly at: number;
  readonly deploymentId: string;
}

export async function verdictsOf(
  db: Database,
  service: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<string, ReadonlyMap<number, Verdict>>> {
  const byEnvironment = new Map<string, Map<number, Verdict>>();
  for (const row of await verdictRows(db, service, numbers)) {
    const ofOne = byEnvironment.get(row.environment) ?? new Map<number, Verdict>();
    byEnvironment.set(row.environment, ofOne.set(row.number, verdictOf(row)));
  }
  return byEnvironment;
}

/** The verdicts of some releases of a service as a release shows them, by number. Environments are in alphabetical order. */
export async function releaseVerdicts(
  db: Database,
  service: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, readonly ReleaseVerdict[]>> {
  const byNumber = new Map<number, ReleaseVerdict[]>();
  for (const row of await verdictRows(db, service, numbers)) {
    const { environment } = row;
    const { verdict, code, at, deploymentId } = verdictOf(row);
    const ofOne = byNumber.get(row.number) ?? [];
    byNumber.set(row.number, [...ofOne, { environment, verdict, code, at, deploymentId }]);
  }
  return byNumber;
}

async function verdictRows(db: Database, service: string, numbers: readonly number[]) {
  const read = pieces(numbers).map((some) =>
    db
      .selectFrom('release_verdicts')
      .selectAll()
      .where('service', '=', service)
      .where('number', 'in', some)
      .orderBy('number')
      .orderBy('environment')
      .execute(),
  );
  return (await Promise.all(read)).flat();
}

/** A release that was verified. It stays blocked unless `lifts`. */
export async function noteVerified(trx: InTransaction, judged: Judged, by: Judgement, lifts: boolean): Promise<void> {
  const blocked = !lifts && (await current(trx, judged))?.blocked === 1;
  await put(trx, judged, { ...by, verdict: 'verified', code: null, blocked });
}

/** Lifts the block of a release. */
export async function unblock(trx: InTransaction, judged: Judged): Promise<void> {
  await trx.updateTable('release_verdicts').set({ blocked: 0 }).where(isAbout(judged)).execute();
}

/** A release that failed. Without a block, one that was verified or blocked before stays so. */
export async function noteFailed(
  trx: InTransaction,
  judged: Judged,
  { at, deploymentId, error, blocks }: Judgement & { readonly error: DeploymentError; readonly blocks: boolean },
): Promise<void> {
  const before = blocks ? undefined : await current(trx, judged);
  if (before?.verdict === 'verified' || before?.blocked === 1) return;
  await put(trx, judged, { at, deploymentId, verdict: 'failed', code: error.code, blocked: blocks });
}

/** A release that somebody rolled back from. Whether it was verified stays as it was. */
export async function blockLeft(trx: InTransaction, judged: Judged, by: Judgement): Promise<void> {
  const before = await current(trx, judged);
  if (before === undefined) await put(trx, judged, { ...by, verdict: 'unknown', code: null, blocked: true });
  else await trx.updateTable('release_verdicts').set({ blocked: 1 }).where(isAbout(judged)).execute();
}

const isAbout =
  ({ service, number, environment }: Judged) =>
  ({ and }: ExpressionBuilder<Schema, 'release_verdicts'>) =>
    and({ service, number, environment });

const current = (trx: InTransaction, judged: Judged) =>
  trx.selectFrom('release_verdicts').select(['verdict', 'blocked']).where(isAbout(judged)).executeTakeFirst();

async function put(trx: InTransaction, { service, number, environment }: Judged, verdict: Verdict): Promise<void> {
  const { verdict: word, blocked, code, at, deploymentId } = verdict;
  const columns = { verdict: word, blocked: flag(blocked), code, at, deployment_id: deploymentId };
  await trx
    .insertInto('release_verdicts')
    .values({ service, number, environment, ...columns })
    .onConflict((conflict) => conflict.columns(['service', 'number', 'environment']).doUpdateSet(columns))
    .execute();
}
