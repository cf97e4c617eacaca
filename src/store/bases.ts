import type { BaseEdge, Decision } from '../model.js';
import type { Bases } from './contract.js';
import type { BaseTable, Database, InTransaction } from './schema.js';

export function createBases(db: Database): Bases {
  return {
    async under(service, branch) {
      const rows = await db
        .selectFrom('bases')
        .selectAll()
        .where('service', '=', service)
        .where('branch', '=', branch)
        .orderBy('reference')
        .execute();
      return rows.map(edgeOf);
    },
    async standingOn(references) {
      if (references.length === 0) return [];
      const rows = await db.selectFrom('bases').selectAll().where('reference', 'in', references).execute();
      return rows.map(edgeOf);
    },
    async replace(service, branch, edges) {
      await db.transaction().execute((trx) => replaceBases(trx, { service, branch }, edges));
    },
  };
}

/** What the branch stood on before is forgotten. */
export async function replaceBases(
  trx: InTransaction,
  { service, branch }: Pick<Decision, 'service' | 'branch'>,
  edges: readonly BaseEdge[],
): Promise<void> {
  await trx.deleteFrom('bases').where('service', '=', service).where('branch', '=', branch).execute();
  const rows = edges.map(({ reference, base, baseBranch }) => ({
    service,
    branch,
    reference,
    base,
    base_branch: baseBranch,
  }));
  if (rows.length > 0) await trx.insertInto('bases').values(rows).execute();
}

const edgeOf = ({ base_branch: baseBranch, ...same }: BaseTable): BaseEdge => ({ ...same, baseBranch });
