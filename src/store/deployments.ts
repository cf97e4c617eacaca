import type { Clock } from '../clock.js';
import type { AdoptedContainer, Deployment } from '../model/deployment.js';
import type { Deployments } from './contract.js';
import { createDeploymentAttempts } from './deployment-attempts.js';
import { createDeploymentLogs } from './deployment-logs.js';
import { createDeploymentRequests } from './deployment-requests.js';
import { deploymentColumns, deploymentOf, parse } from './deployment-rows.js';
import { createDesired } from './desired.js';
import type { OpenedDatabase } from './dialect.js';
import { decodeCursor, pageOf } from './pages.js';
import { pieces } from './pieces.js';
import type { Database } from './schema.js';
import { createStandings } from './standings.js';
import { verdictsOf } from './verdicts.js';

/** `limit` returns the maximum UTF-8 bytes of one deployment's log. */
export function createDeployments(opened: OpenedDatabase, clock: Pick<Clock, 'now'>, limit: () => number): Deployments {
  const { db } = opened;
  return {
    ...createReading(db),
    ...createDeploymentRequests(db),
    ...createDeploymentAttempts(opened, clock),
    ...createDeploymentLogs(opened, limit),
    ...createDesired(db),
    ...createStandings(db),
    verdicts: (service, numbers) => verdictsOf(db, service, numbers),
  };
}

const rowsIn = (db: Database) => db.selectFrom('deployments').select(deploymentColumns);

function createReading(
  db: Database,
): Pick<Deployments, 'get' | 'page' | 'unfinished' | 'specification' | 'adopted' | 'taken' | 'newestOf'> {
  return {
    async get(id) {
      const row = await rowsIn(db).where('id', '=', id).executeTakeFirst();
      return row ? deploymentOf(row) : null;
    },
    async page(query) {
      const below = decodeCursor(query.cursor);
      let rows = rowsIn(db);
      if (query.service !== undefined) rows = rows.where('service', '=', query.service);
      if (query.environment !== undefined) rows = rows.where('environment', '=', query.environment);
      if (query.status !== undefined) rows = rows.where('status', '=', query.status);
      if (below !== null) rows = rows.where('seq', '<', below);
      const found = await rows
        .orderBy('seq', 'desc')
        .limit(query.limit + 1)
        .execute();
      return pageOf(found, query, deploymentOf);
    },
    async unfinished() {
      const rows = await rowsIn(db).where('status', 'in', ['pending', 'running']).execute();
      const place = ({ kind }: Pick<Deployment, 'kind'>): number => (kind === 'rollback' ? 0 : 1);
      const inOrder = rows.sort((a, b) => a.seq - b.seq).map(deploymentOf);
      return inOrder.sort((a, b) => place(a) - place(b));
    },
    async specification(id) {
      const row = await db.selectFrom('deployments').select('specification').where('id', '=', id).executeTakeFirst();
      return row?.specification ? parse(row.specification) : null;
    },
    async adopted(id) {
      const row = await db.selectFrom('deployments').select('adopted').where('id', '=', id).executeTakeFirst();
      return row ? parse(row.adopted) : [];
    },
    async taken() {
      const found = await db.selectFrom('deployments').select('adopted').where('kind', '=', 'adopt').execute();
      return found.flatMap(({ adopted }) => parse<readonly AdoptedContainer[]>(adopted).map(({ id }) => id));
    },
    async newestOf(environment, service, numbers) {
      let newest = 0;
      for (const some of pieces(numbers)) {
        const row = await db
          .selectFrom('deployments')
          .select(({ fn }) => fn.max('seq').as('seq'))
          .where('environment', '=', environment)
          .where('service', '=', service)
          .where('release_number', 'in', some)
          .executeTakeFirst();
        newest = Math.max(newest, row?.seq ?? 0);
      }
      const row = await rowsIn(db).where('seq', '=', newest).executeTakeFirst();
      return row ? deploymentOf(row) : null;
    },
  };
}
