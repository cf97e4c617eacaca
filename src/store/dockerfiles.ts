import type { DockerfileText } from './contract.js';
import type { Database, InTransaction } from './schema.js';

/** Stores a text once, however many builds use it. */
export async function keepDockerfile(trx: InTransaction, { digest, text }: DockerfileText): Promise<void> {
  await trx
    .insertInto('dockerfiles')
    .values({ digest, text })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
}

/** The Dockerfile that a build used, or null. */
export async function dockerfileOf(db: Database, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('builds')
    .innerJoin('dockerfiles', 'dockerfiles.digest', 'builds.dockerfile_digest')
    .select('dockerfiles.text')
    .where('builds.id', '=', id)
    .executeTakeFirst();
  return row?.text ?? null;
}

/** The builds lose their Dockerfiles, and those go that no other build has. */
export async function forgetDockerfiles(trx: InTransaction, ids: readonly string[]): Promise<void> {
  const rows = await trx
    .selectFrom('builds')
    .select('dockerfile_digest as digest')
    .distinct()
    .where('id', 'in', ids)
    .execute();
  const digests = rows.flatMap(({ digest }) => digest ?? []);
  if (digests.length === 0) return;
  await trx.updateTable('builds').set({ dockerfile_digest: null }).where('id', 'in', ids).execute();
  await trx
    .deleteFrom('dockerfiles')
    .where('digest', 'in', digests)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('builds').select('builds.id').whereRef('builds.dockerfile_digest', '=', 'dockerfiles.digest'),
        ),
      ),
    )
    .execute();
}
