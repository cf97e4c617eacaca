import { stillPassed } from './deployment-attempts.js';
import type { FormerNames, FormerState } from './former-contract.js';
import { noteNumber } from './note-number.js';
import { pieces } from './pieces.js';
import type { Database, InTransaction } from './schema.js';

export function createFormerNames(db: Database): FormerNames {
  return {
    all: () => presentNames(db),
    async first(service) {
      const row = await db
        .selectFrom('former_names')
        .select('former')
        .where('service', '=', service)
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst();
      return row?.former ?? service;
    },
    state: (former, service) => stateOf(db, former, service),
    takeOver: (former, service) =>
      db.transaction().execute(async (trx) => {
        const state = await stateOf(trx, former, service);
        if (state !== 'open') return state;
        await interrupt(trx, former);
        await move(trx, former, service);
        await remember(trx, former, service);
        return state;
      }),
  };
}

/** Which of these names belong to another service now. */
export async function takenOver(trx: InTransaction, names: readonly string[]): Promise<ReadonlySet<string>> {
  const read = pieces(names).map((some) =>
    trx.selectFrom('former_names').select(['former', 'service']).where('former', 'in', some).execute(),
  );
  const rows = (await Promise.all(read)).flat();
  return new Set(rows.filter(({ former, service }) => former !== service).map(({ former }) => former));
}

/** What each former name is called now. They are few. */
async function presentNames(db: Database | InTransaction): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('former_names').select(['former', 'service']).execute();
  return new Map(rows.map(({ former, service }) => [former, service]));
}

async function stateOf(db: Database | InTransaction, former: string, service: string): Promise<FormerState> {
  if ((await presentNames(db)).get(former) === service) return 'known';
  if (!(await hasAny(db, former))) return 'nothing';
  return (await hasAny(db, service)) ? 'both' : 'open';
}

async function hasAny(db: Database | InTransaction, service: string): Promise<boolean> {
  for (const table of ['releases', 'deployments', 'desired'] as const) {
    const row = await db.selectFrom(table).select('service').where('service', '=', service).limit(1).executeTakeFirst();
    if (row !== undefined) return true;
  }
  return false;
}

/** An attempt looks at containers by the name that the service had when it began. */
async function interrupt(trx: InTransaction, service: string): Promise<void> {
  await trx
    .updateTable('deployments')
    .set({ status: 'pending', worker: null, not_before: 0, gate: stillPassed })
    .where('service', '=', service)
    .where('status', '=', 'running')
    .execute();
}

const moved = [
  'releases',
  'release_commits',
  'deployments',
  'desired',
  'desired_history',
  'release_verdicts',
  'follow_marks',
] as const;

async function move(trx: InTransaction, former: string, service: string): Promise<void> {
  // The service has none of its own, so it has followed nothing yet.
  await trx.deleteFrom('follow_marks').where('service', '=', service).execute();
  for (const table of moved) await trx.updateTable(table).set({ service }).where('service', '=', former).execute();
  const numbers = await trx
    .selectFrom('release_numbers')
    .select('last')
    .where('service', '=', former)
    .executeTakeFirst();
  if (numbers === undefined) return;
  await noteNumber(trx, service, numbers.last);
  await trx.deleteFrom('release_numbers').where('service', '=', former).execute();
}

/** The names that the former one had before are the service's, too. */
async function remember(trx: InTransaction, former: string, service: string): Promise<void> {
  await trx.updateTable('former_names').set({ service }).where('service', '=', former).execute();
  await trx
    .insertInto('former_names')
    .values({ former, service })
    .onConflict((conflict) => conflict.column('former').doUpdateSet({ service }))
    .execute();
}
