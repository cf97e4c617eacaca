import type { Deployments, DeploymentEnd, PairOf as Pair } from './contract.js';
import { readBehind, writeBehind } from './behind.js';
import { desiredOf, isAboutRelease } from './deployment-rows.js';
import type { Database, InTransaction } from './schema.js';
import { verdictsOf } from './verdicts.js';

/** Entries of a pair's history that are kept. */
const MAX_HISTORY_ENTRIES = 100;

export function createDesired(db: Database): Pick<Deployments, 'desired' | 'allDesired' | 'caughtUp' | 'before'> {
  return {
    async desired(environment, service) {
      const row = await withSpecification(db)
        .where('desired.environment', '=', environment)
        .where('desired.service', '=', service)
        .executeTakeFirst();
      return row ? desiredOf(row) : null;
    },
    async allDesired(environment) {
      let rows = withSpecification(db);
      if (environment !== undefined) rows = rows.where('desired.environment', '=', environment);
      const found = await rows.orderBy('desired.environment').orderBy('desired.service').execute();
      return found.map(desiredOf);
    },
    caughtUp: (environment, service, hosts) =>
      db.transaction().execute(async (trx) => {
        const present = await presentRow(trx, { environment, service });
        if (present === undefined) return;
        const behind = [...readBehind(present).keys()].filter((host) => !hosts.includes(host));
        await trx
          .updateTable('desired')
          .set({ behind: writeBehind(behind, present) })
          .where('environment', '=', environment)
          .where('service', '=', service)
          .execute();
      }),
    async before(environment, service) {
      const present = await presentRow(db, { environment, service });
      const entries = await historyRows(db, { environment, service }).execute();
      const numbers = [...new Set(entries.map((entry) => entry.release_number))];
      const earlier = numbers.filter((number) => number !== present?.release_number);
      const verdicts = (await verdictsOf(db, service, earlier)).get(environment);
      return earlier.filter((number) => {
        const known = verdicts?.get(number);
        return known?.verdict === 'verified' && !known.blocked;
      });
    },
  };
}

const withSpecification = (db: Database) =>
  db
    .selectFrom('desired')
    .innerJoin('deployments', 'deployments.id', 'desired.deployment_id')
    .select([
      'desired.environment',
      'desired.service',
      'desired.release',
      'desired.deployment_id',
      'deployments.specification',
      'desired.wanted',
      'desired.behind',
      'desired.since',
    ])
    .$narrowType<{ specification: string }>();

/** What is desired of a pair. */
export const presentRow = (db: Database | InTransaction, { environment, service }: Pair) =>
  db
    .selectFrom('desired')
    .selectAll()
    .where('environment', '=', environment)
    .where('service', '=', service)
    .executeTakeFirst();

/** The history of a pair, the newest first. */
const historyRows = (db: Database | InTransaction, { environment, service }: Pair) =>
  db
    .selectFrom('desired_history')
    .select(['seq', 'release_number'])
    .where('environment', '=', environment)
    .where('service', '=', service)
    .orderBy('seq', 'desc');

/** Notes hosts that have to be brought to what is desired. */
export async function fallBehind(trx: InTransaction, pair: Pair, hosts: readonly string[]): Promise<void> {
  const present = hosts.length === 0 ? undefined : await presentRow(trx, pair);
  if (present === undefined) return;
  const behind = [...new Set([...readBehind(present).keys(), ...hosts])];
  await trx
    .updateTable('desired')
    .set({ behind: writeBehind(behind, present) })
    .where('environment', '=', pair.environment)
    .where('service', '=', pair.service)
    .execute();
}

/** A deployment that has just succeeded. */
interface Maker extends Pair {
  readonly id: string;
  readonly kind: string;
  readonly release: string;
  readonly number: number;
}

/** Makes what a successful deployment says desired. */
export async function changeDesired(
  trx: InTransaction,
  maker: Maker,
  desired: Extract<DeploymentEnd, { readonly status: 'succeeded' }>['desired'],
  at: number,
): Promise<void> {
  const { environment, service } = maker;
  if (desired === 'unchanged') return;
  if (desired === 'removed') {
    await trx.deleteFrom('desired').where('environment', '=', environment).where('service', '=', service).execute();
    return;
  }
  const state = { wanted: desired.wanted, behind: writeBehind(desired.behind, await presentRow(trx, maker)) };
  const own = { release: maker.release, release_number: maker.number, deployment_id: maker.id, since: at };
  await trx
    .insertInto('desired')
    .values({ environment, service, ...state, ...own })
    .onConflict((conflict) =>
      conflict
        .columns(['environment', 'service'])
        .doUpdateSet(isAboutRelease(maker.kind) ? { ...state, ...own } : state),
    )
    .execute();
  if (isAboutRelease(maker.kind)) await remember(trx, maker);
}

/**
 * The newest entry of the history is what is desired now. A rollback removes the entries that it leaves; if its release is not among the
 * earlier ones, it takes the place of the newest. The same release twice in a row is one entry.
 */
async function remember(trx: InTransaction, maker: Maker): Promise<void> {
  const entries = await historyRows(trx, maker).execute();
  const isOwn = (entry: { readonly release_number: number }): boolean => entry.release_number === maker.number;
  const goesBack = maker.kind === 'rollback';
  const found = goesBack ? entries.find(isOwn) : entries.slice(0, 1).find(isOwn);
  const left = goesBack ? entries.filter(({ seq }) => seq > (found?.seq ?? (entries[0]?.seq ?? 0) - 1)) : [];
  const forgotten = [...left, ...entries.slice(MAX_HISTORY_ENTRIES - 1)].map(({ seq }) => seq);
  if (forgotten.length > 0) await trx.deleteFrom('desired_history').where('seq', 'in', forgotten).execute();
  const { environment, service, number, id } = maker;
  if (found !== undefined) {
    await trx.updateTable('desired_history').set({ deployment_id: id }).where('seq', '=', found.seq).execute();
    return;
  }
  await trx
    .insertInto('desired_history')
    .values({ environment, service, release_number: number, deployment_id: id })
    .execute();
}
