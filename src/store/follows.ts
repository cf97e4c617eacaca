import type { FollowMark, FollowRequest, Follows } from './contract.js';
import { addFailed, addPending } from './deployment-requests.js';
import { pieces } from './pieces.js';
import type { Database, InTransaction } from './schema.js';

export function createFollows(db: Database): Follows {
  return {
    all: () => db.selectFrom('follow_marks').selectAll().execute(),
    newest: (branch, services, verifiedIn) => newestOfHeads(db, branch, services, verifiedIn),
    async note(mark) {
      await db
        .insertInto('follow_marks')
        .values({ ...mark })
        .onConflict((conflict) =>
          conflict.columns(['environment', 'service']).doUpdateSet((eb) => ({
            branch: eb.ref('excluded.branch'),
            number: eb
              .case()
              .when('follow_marks.number', '<', eb.ref('excluded.number'))
              .then(eb.ref('excluded.number'))
              .else(eb.ref('follow_marks.number'))
              .end(),
          })),
        )
        .execute();
    },
    ask: (request, now) => db.transaction().execute((trx) => ask(trx, request, now)),
  };
}

async function newestOfHeads(
  db: Database,
  branch: string,
  services: readonly string[],
  verifiedIn: string | null,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const some of pieces(services)) {
    let heads = db
      .selectFrom('releases')
      .select(({ fn }) => ['releases.service', fn.max('releases.number').as('number')])
      .where('releases.branch', '=', branch)
      .where('releases.service', 'in', some)
      .where('releases.of_head', '=', 1);
    if (verifiedIn !== null)
      heads = heads.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('release_verdicts')
            .select('release_verdicts.number')
            .whereRef('release_verdicts.service', '=', 'releases.service')
            .whereRef('release_verdicts.number', '=', 'releases.number')
            .where('release_verdicts.environment', '=', verifiedIn)
            .where('release_verdicts.verdict', '=', 'verified')
            .where('release_verdicts.blocked', '=', 0),
        ),
      );
    for (const { service, number } of await heads.groupBy('releases.service').execute()) found.set(service, number);
  }
  return found;
}

async function ask(trx: InTransaction, { deployment, mark, newest, error }: FollowRequest, now: number) {
  const last = await trx
    .selectFrom('deployments')
    .select('id')
    .where('environment', '=', mark.environment)
    .where('service', '=', mark.service)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if ((last?.id ?? null) !== newest || !(await settle(trx, mark))) return null;
  if (error === null) return addPending(trx, deployment, now);
  return { deployment: await addFailed(trx, deployment, error, now), superseded: [] };
}

/** False: it is settled already. */
async function settle(trx: InTransaction, mark: FollowMark): Promise<boolean> {
  const settled = await trx
    .insertInto('follow_marks')
    .values({ ...mark })
    .onConflict((conflict) =>
      conflict
        .columns(['environment', 'service'])
        .doUpdateSet((eb) => ({ branch: eb.ref('excluded.branch'), number: eb.ref('excluded.number') }))
        .whereRef('follow_marks.number', '<', 'excluded.number'),
    )
    .returning('number')
    .executeTakeFirst();
  return settled !== undefined;
}
