import { sql } from 'kysely';
import { SlipwayError } from '../errors.js';
import { noRunFileHash, type LostRelease, type NewRelease, type RunFileText } from '../model/release.js';
import { baselineRow } from './builds.js';
import { takenOver } from './former-names.js';
import { noteNumber } from './note-number.js';
import { lostBuild, type ReleaseRow } from './release-schema.js';
import { flag } from './rows.js';
import type { InTransaction } from './schema.js';

/** Makes the release of a build that has just succeeded, unless it equals the newest of its branch, which then covers its commit. */
export async function releaseBuild(trx: InTransaction, release: NewRelease, now: number): Promise<void> {
  if ((await unlessTakenOver(trx, [release])).length === 0) return;
  const newest = await trx
    .selectFrom('releases')
    .select(['number', 'commit_id', 'image_digest', 'run_file_hash', 'of_head'])
    .where('service', '=', release.service)
    .where('branch', '=', release.branch)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined || !equals(newest, release)) {
    await insertRelease(trx, release, now);
    return;
  }
  const { number } = newest;
  if (newest.commit_id !== release.commit) await cover(trx, [{ release, number }], now);
  if (release.ofHead && newest.of_head === 0) await becomesOfHead(trx, release.service, number);
}

/** A build may end after another service took its name over. That one builds for itself. */
async function unlessTakenOver(trx: InTransaction, releases: readonly NewRelease[]): Promise<readonly NewRelease[]> {
  const gone = await takenOver(trx, [...new Set(releases.map(({ service }) => service))]);
  return releases.filter(({ service }) => !gone.has(service));
}

const becomesOfHead = (trx: InTransaction, service: string, number: number) =>
  trx.updateTable('releases').set({ of_head: 1 }).where('service', '=', service).where('number', '=', number).execute();

type Compared = Pick<ReleaseRow, 'image_digest' | 'run_file_hash'>;

const equals = ({ image_digest: digest, run_file_hash: hash }: Compared, { image, runFile }: NewRelease): boolean =>
  digest === image.digest && hash === runFile.hash;

/** Rows in one statement: SQLite binds at most 32,766 values. */
const MAX_ROWS_TOGETHER = 500;

/**
 * Makes the releases of heads that need no build, where image and run file differ from those of the newest release of a head of their branch.
 * Thousands of services may be skipped at once, and nearly all of them are covered.
 */
export async function releaseHeads(trx: InTransaction, given: readonly NewRelease[], now: number): Promise<void> {
  const releases = await unlessTakenOver(trx, given);
  const newest = await newestOf(trx, releases);
  const covered: Cover[] = [];
  for (const release of releases) {
    const known = newest.get(branchOf(release));
    if (known && equals(known, release)) {
      if (known.commit_id !== release.commit) covered.push({ release, number: known.number });
    } else if ((await baselineRow(trx, release))?.id === release.buildId) {
      newest.set(branchOf(release), await insertRelease(trx, release, now));
    }
  }
  for (let from = 0; from < covered.length; from += MAX_ROWS_TOGETHER)
    await cover(trx, covered.slice(from, from + MAX_ROWS_TOGETHER), now);
}

type Known = Compared & Pick<ReleaseRow, 'commit_id' | 'number'>;

const branchOf = ({ service, branch }: Pick<ReleaseRow, 'service' | 'branch'>): string => `${service} ${branch}`;

async function newestOf(trx: InTransaction, releases: readonly NewRelease[]): Promise<Map<string, Known>> {
  const found = new Map<string, Known>();
  const branches = [...new Set(releases.map(({ branch }) => branch))];
  for (const branch of branches) {
    const services = releases.filter((release) => release.branch === branch).map(({ service }) => service);
    for (let from = 0; from < services.length; from += MAX_ROWS_TOGETHER) {
      const numbers = trx
        .selectFrom('releases')
        .select(({ fn }) => ['service', fn.max('number').as('number')])
        .where('branch', '=', branch)
        .where('service', 'in', services.slice(from, from + MAX_ROWS_TOGETHER))
        .where('of_head', '=', 1)
        .groupBy('service');
      const rows = await trx
        .selectFrom('releases')
        .select(['service', 'branch', 'number', 'commit_id', 'image_digest', 'run_file_hash'])
        .where(({ eb, refTuple }) => eb(refTuple('service', 'number'), 'in', numbers.$asTuple('service', 'number')))
        .execute();
      for (const row of rows) found.set(branchOf(row), row);
    }
  }
  return found;
}

async function insertRelease(trx: InTransaction, release: NewRelease, now: number): Promise<Known> {
  return insertNumbered(trx, { ...release, number: await nextNumber(trx, release.service) }, now);
}

async function nextNumber(trx: InTransaction, service: string): Promise<number> {
  const { last } = await trx
    .insertInto('release_numbers')
    .values({ service, last: 1 })
    .onConflict((conflict) => conflict.column('service').doUpdateSet({ last: sql`release_numbers.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

async function insertNumbered(
  trx: InTransaction,
  release: Omit<NewRelease, 'buildId'> & { readonly buildId: string | null; readonly number: number },
  now: number,
): Promise<Known> {
  const { service, number, branch, commit, image, runFile, buildId, ofHead } = release;
  const { hash, texts, source, path, commit: at, overlays } = runFile;
  await keepTexts(trx, hash, texts);
  const known = { number, commit_id: commit, image_digest: image.digest, run_file_hash: hash };
  await trx
    .insertInto('releases')
    .values({
      ...known,
      service,
      branch,
      of_head: flag(ofHead),
      image_repository: image.repository,
      image_tags: JSON.stringify(image.tags),
      run_file: JSON.stringify({ source, path, commit: at, overlays }),
      build_id: buildId ?? lostBuild,
      created_at: now,
    })
    .execute();
  return known;
}

/** Makes a release that was lost, if its number is free. Resolves with the number, or with null. */
export async function restoreRelease(trx: InTransaction, release: LostRelease, now: number): Promise<number | null> {
  const { service } = release;
  const number = release.number ?? (await nextNumber(trx, service));
  const known = await trx
    .selectFrom('releases')
    .select('number')
    .where('service', '=', service)
    .where('number', '=', number)
    .executeTakeFirst();
  if (known !== undefined) return null;
  await noteNumber(trx, service, number);
  await insertNumbered(trx, { ...release, number, buildId: null, ofHead: false }, now);
  return number;
}

/** A release can be run when its repository is away: nothing of its run file is left behind. */
async function keepTexts(trx: InTransaction, hash: string, texts: readonly RunFileText[] | null): Promise<void> {
  if (hash === noRunFileHash) return;
  if (texts !== null) {
    await trx
      .insertInto('run_files')
      .values({ hash, texts: JSON.stringify(texts) })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    return;
  }
  const kept = await trx.selectFrom('run_files').select('hash').where('hash', '=', hash).executeTakeFirst();
  if (kept === undefined) throw new SlipwayError('internal', `The texts of the run file ${hash} are not stored.`);
}

interface Cover {
  readonly release: NewRelease;
  readonly number: number;
}

async function cover(trx: InTransaction, covers: readonly Cover[], at: number): Promise<void> {
  await trx
    .insertInto('release_commits')
    .values(
      covers.map(({ release: { service, branch, commit }, number }) => ({
        service,
        branch,
        commit_id: commit,
        number,
        at,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['service', 'branch', 'commit_id'])
        .doUpdateSet((row) => ({ number: row.ref('excluded.number'), at: row.ref('excluded.at') })),
    )
    .execute();
}
