import type { AuditEntry } from '../model/audit.js';
import type { Audit } from './contract.js';
import { decodeCursor, pageOf } from './pages.js';
import type { Database } from './schema.js';

export function createAudit(db: Database): Audit {
  return {
    async add(entry) {
      await db
        .insertInto('audit')
        .values({ ...entry, parameters: JSON.stringify(entry.parameters) })
        .execute();
    },
    async page(query) {
      const below = decodeCursor(query.cursor);
      let rows = db.selectFrom('audit').selectAll();
      if (query.by !== undefined) rows = rows.where('by', '=', query.by);
      if (query.since !== undefined)
        rows = rows.where('seq', '>=', await firstSince(db, query.since)).where('at', '>=', query.since);
      if (below !== null) rows = rows.where('seq', '<', below);
      const found = await rows
        .orderBy('seq', 'desc')
        .limit(query.limit + 1)
        .execute();
      return pageOf(found, query, ({ seq: _seq, scope, parameters, ...same }) => ({
        ...same,
        scope: scope as AuditEntry['scope'],
        parameters: JSON.parse(parameters) as Record<string, string>,
      }));
    },
  };
}

/** No entry before this number is of that time or later, so that a page does not read all that is older. */
async function firstSince(db: Database, since: number): Promise<number> {
  const row = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where('at', '>=', since)
    .executeTakeFirst();
  return row?.seq ?? 0;
}
