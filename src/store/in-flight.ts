import { sql } from 'kysely';
import type { Build, NewBuild } from '../model/build.js';
import type { BuildRow, InTransaction } from './schema.js';

/** Written into the statement, not bound: only then does the database use an index on queued (or running) builds. */
export const queuedStatus = sql.lit('queued');
export const runningStatus = sql.lit('running');

type Place = Pick<Build, 'service' | 'branch'>;
type InFlightRow = Pick<BuildRow, 'id' | 'service' | 'branch' | 'commit_id' | 'packaging'> & {
  /** True if it only waits because its commit was the newest. */
  readonly waits: boolean;
};

/** The branch's one build that only waits because its commit was the newest; see `one_queued_build_of_a_branch`. */
export function latestQueued(trx: InTransaction, { service, branch }: Place) {
  return trx
    .selectFrom('builds')
    .select(['id', 'commit_id'])
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where('status', '=', queuedStatus)
    .where('forced', '=', sql.lit(0))
    .where('every_push', '=', sql.lit(0))
    .executeTakeFirst();
}

/**
 * Queued and running builds of some services, read once: a plan has a decision for each service of a repository. The plan's own changes are
 * applied to it.
 */
export class InFlight {
  private constructor(private readonly rows: Map<string, InFlightRow[]>) {}

  static async of(trx: InTransaction, services: readonly string[]): Promise<InFlight> {
    const found = await trx
      .selectFrom('builds')
      .select(['id', 'service', 'branch', 'commit_id', 'packaging', 'status', 'forced', 'every_push'])
      .where('status', 'in', [queuedStatus, runningStatus])
      .where('service', 'in', [...new Set(services)])
      .orderBy('seq')
      .execute();
    const inFlight = new InFlight(new Map());
    for (const { status, forced, every_push: everyPush, ...row } of found) {
      inFlight.#keep({ ...row, waits: status === 'queued' && forced === 0 && everyPush === 0 });
    }
    return inFlight;
  }

  /** Id of the newest build with the same commit and packaging, or null. */
  same({ commit, inputs: { packaging }, ...place }: NewBuild): string | null {
    const row = this.#of(place).findLast((it) => it.commit_id === commit && it.packaging === packaging);
    return row?.id ?? null;
  }

  /** As `latestQueued`. */
  waiting(place: Place): Pick<InFlightRow, 'id' | 'commit_id'> | undefined {
    return this.#of(place).find(({ waits }) => waits);
  }

  queued({ id, service, branch, commit, inputs, forced, everyPush }: NewBuild): void {
    const { packaging } = inputs;
    this.#keep({ id, service, branch, commit_id: commit, packaging, waits: !forced && !everyPush });
  }

  ended(place: Place, id: string): void {
    this.#replace(place, (rows) => rows.filter((row) => row.id !== id));
  }

  /** The build now waits for its turn even if it is no longer the newest. */
  stays(place: Place, id: string): void {
    this.#replace(place, (rows) => rows.map((row) => (row.id === id ? { ...row, waits: false } : row)));
  }

  #replace(place: Place, change: (rows: readonly InFlightRow[]) => InFlightRow[]): void {
    this.rows.set(keyOf(place), change(this.#of(place)));
  }

  #of(place: Place): readonly InFlightRow[] {
    return this.rows.get(keyOf(place)) ?? [];
  }

  #keep(row: InFlightRow): void {
    const rows = this.rows.get(keyOf(row)) ?? [];
    rows.push(row);
    this.rows.set(keyOf(row), rows);
  }
}

const keyOf = ({ service, branch }: Place): string => `${service} ${branch}`;
