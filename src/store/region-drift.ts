import type { Selectable } from 'kysely';
import type { RegionDrift, RegionDriftOf, RegionDrifts } from './region-drift-contract.js';
import type { Database, RegionDriftTable } from './schema.js';

export function createRegionDrifts(db: Database): RegionDrifts {
  return {
    async note({ service, branch, commit, rules, drift }) {
      if (drift.length === 0) {
        await db.deleteFrom('region_drift').where('service', '=', service).where('branch', '=', branch).execute();
        return;
      }
      const found = { commit_id: commit, rules, drift: JSON.stringify(drift) };
      await db
        .insertInto('region_drift')
        .values({ service, branch, ...found })
        .onConflict((conflict) => conflict.columns(['service', 'branch']).doUpdateSet(found))
        .execute();
    },
    async of(service) {
      const rows = await db
        .selectFrom('region_drift')
        .selectAll()
        .where('service', '=', service)
        .orderBy('branch')
        .execute();
      return rows.map(driftOf);
    },
    async all() {
      return (await db.selectFrom('region_drift').selectAll().execute()).map(driftOf);
    },
  };
}

function driftOf(row: Selectable<RegionDriftTable>): RegionDriftOf {
  const { service, branch, commit_id: commit, rules } = row;
  return { service, branch, commit, rules, drift: JSON.parse(row.drift) as readonly RegionDrift[] };
}
