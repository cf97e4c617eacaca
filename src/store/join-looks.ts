import { sql } from 'kysely';
import { pullRequestNumber } from '../git-ref.js';
import type { Delivery } from '../model/delivery.js';
import type { NewLook } from '../model/look.js';
import { lookColumns } from './rows.js';
import type { DeliveryRow, InTransaction, LookRow } from './schema.js';

export interface DeliveredLook {
  readonly delivery: Delivery;
  readonly look: NewLook;
}

type Ending = Pick<DeliveryRow, 'status' | 'reason' | 'warnings'>;

/** The newest look of a repository and ref, stored or about to be. */
interface Pending {
  /** True if it covers only some services of the repository. */
  readonly isOfServices: boolean;
  readonly after: string | null;
  before: string | null;
  readonly isInHand: boolean;
  /** Null if it has no delivery to share decisions with. */
  readonly leader: (Ending & { readonly id: string }) | null;
  /** Null if it is not stored yet. */
  readonly lookId: number | null;
}

/**
 * Stores the looks of deliveries that arrived together, in order. If the newest pending look of the repository and ref is about the same
 * commit, the delivery joins it instead. Only the newest counts, so A, B, A are three looks.
 */
export async function storeLooks(trx: InTransaction, delivered: readonly DeliveredLook[]): Promise<void> {
  if (delivered.length === 0) return;
  const newest = await joinable(trx, delivered);
  const added: { readonly look: NewLook; readonly pending: Pending }[] = [];
  const followers = new Map<Pending, string[]>();
  const widened = new Set<number>();
  for (const { delivery, look } of delivered) {
    const place = placeOf(look.repository, look.ref);
    const pending = newest.get(place);
    if (pending !== undefined && canJoin(look, pending)) {
      followers.set(pending, [...(followers.get(pending) ?? []), delivery.id]);
      if (pending.before !== look.before) {
        pending.before = null;
        if (pending.lookId !== null) widened.add(pending.lookId);
      }
      continue;
    }
    const own = pendingOf(delivery, look);
    newest.set(place, own);
    added.push({ look, pending: own });
  }
  const rows = added.map(({ look, pending: { before } }) => lookColumns({ ...look, before }));
  if (rows.length > 0) await trx.insertInto('looks').values(rows).execute();
  if (widened.size > 0) {
    await trx
      .updateTable('looks')
      .set({ before_commit: null })
      .where('id', 'in', [...widened])
      .execute();
  }
  for (const [{ leader }, ids] of followers) if (leader) await follow(trx, ids, leader);
}

/** Looks that differ only in where the push came from are one. Its `before` is then null: any folder may have changed. */
function canJoin(look: NewLook, { leader, isOfServices, after, before, isInHand }: Pending): boolean {
  if (leader === null || isOfServices || look.services !== null || look.ref === null) return false;
  // A pull request may be for another branch now, which its look does not name.
  if (pullRequestNumber(look.ref) !== null) return false;
  return after === look.after && (!isInHand || before === null || before === look.before);
}

function pendingOf(delivery: Delivery, look: NewLook): Pending {
  const { id, status, reason } = delivery;
  const leader = look.trigger.deliveryId === id ? { id, status, reason, warnings: null } : null;
  const { after, before, services } = look;
  return { isOfServices: services !== null, after, before, isInHand: false, leader, lookId: null };
}

const placeOf = (repository: string, ref: string | null): string => JSON.stringify([repository, ref]);

type PendingRow = Pick<
  LookRow,
  'id' | 'repository' | 'ref' | 'services' | 'before_commit' | 'after_commit' | 'worker'
> & { readonly leader: string | null } & { readonly [column in keyof Ending]: Ending[column] | null };

/** The stored looks that the first delivery to each place can join. Most deliveries are about a new commit, and then nothing is read. */
async function joinable(trx: InTransaction, delivered: readonly DeliveredLook[]): Promise<Map<string, Pending>> {
  const firsts = new Map<string, NewLook>();
  for (const { look } of delivered) {
    const place = placeOf(look.repository, look.ref);
    if (!firsts.has(place)) firsts.set(place, look);
  }
  const asked = [...firsts.values()].map(({ repository, ref, after }) => sql`(${repository}, ${ref}, ${after})`);
  const { rows } = await sql<PendingRow>`
    with asked(repository, ref, after) as (values ${sql.join(asked)})
    select looks.id, looks.repository, looks.ref, looks.services, looks.before_commit, looks.after_commit, looks.worker,
      leading.id as leader, leading.status, leading.reason, leading.warnings
    from asked
    join looks on looks.id = (
      select max(newest.id) from looks as newest where newest.repository = asked.repository and newest.ref = asked.ref
    )
    left join deliveries as leading on leading.id = looks.trigger_delivery
    where looks.after_commit is not distinct from asked.after
  `.execute(trx);
  return new Map(rows.map((row) => [placeOf(row.repository, row.ref), storedPending(row)]));
}

function storedPending({ id, leader, status, reason, warnings, worker, ...look }: PendingRow): Pending {
  return {
    isOfServices: look.services !== null,
    after: look.after_commit,
    before: look.before_commit,
    isInHand: worker !== null,
    leader: leader === null || status === null ? null : { id: leader, status, reason, warnings },
    lookId: id,
  };
}

async function follow(
  trx: InTransaction,
  ids: readonly string[],
  { id: joined, status, reason, warnings }: NonNullable<Pending['leader']>,
): Promise<void> {
  await trx.updateTable('deliveries').set({ joined, status, reason, warnings }).where('id', 'in', ids).execute();
}
