import type { BaseEdge } from '../model/base-edge.js';
import type { Decision } from '../model/decision.js';
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
      await db.transaction().execute((trx) => replaceBases(trx, [{ service, branch, edges }]));
    },
  };
}

type Standing = Pick<Decision, 'service' | 'branch'> & { readonly edges: readonly BaseEdge[] };

/** Most branches stand on nothing, before and after: they cost no statement. */
export async function replaceBases(trx: InTransaction, branches: readonly Standing[]): Promise<void> {
  if (branches.length === 0) return;
  const services = [...new Set(branches.map(({ service }) => service))];
  const before = await trx
    .selectFrom('bases')
    .select(['service', 'branch'])
    .distinct()
    .where('service', 'in', services)
    .execute();
  const stood = new Set(before.map(({ service, branch }) => `${service} ${branch}`));
  for (const { service, branch, edges } of branches) {
    if (stood.has(`${service} ${branch}`)) {
      await trx.deleteFrom('bases').where('service', '=', service).where('branch', '=', branch).execute();
    }
    const rows = edges.map(({ reference, base, baseBranch }) => ({
      service,
      branch,
      reference,
      base,
      base_branch: baseBranch,
    }));
    if (rows.length > 0) await trx.insertInto('bases').values(rows).execute();
    stood.add(`${service} ${branch}`);
  }
}

const edgeOf = ({ base_branch: baseBranch, ...same }: BaseTable): BaseEdge => ({ ...same, baseBranch });
