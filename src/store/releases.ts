import { sql } from 'kysely';
import { SlipwayError } from '../errors.js';
import {
  noRunFileHash,
  type NewRelease,
  type Release,
  type ReleaseVerdict,
  type RunFilePlace,
  type RunFileText,
} from '../model/release.js';
import type { Releases } from './contract.js';
import { baselineRow } from './builds.js';
import { decodeCursor, pageOf } from './pages.js';
import { flag } from './rows.js';
import { createReleaseSearch } from './release-search.js';
import type { ReleaseRow } from './release-schema.js';
import type { Database, InTransaction } from './schema.js';
import { releaseVerdicts } from './verdicts.js';

export function createReleases(db: Database): Releases {
  const rows = () => db.selectFrom('releases').selectAll();
  const get: Releases['get'] = async (service, number) => {
    const row = await rows().where('service', '=', service).where('number', '=', number).executeTakeFirst();
    return judged(db, row);
  };
  return {
    get,
    ...createReleaseSearch(db, get),
    async page(query) {
      const below = decodeCursor(query.cursor);
      let found = rows().where('service', '=', query.service);
      if (below !== null) found = found.where('number', '<', below);
      const read = await found
        .orderBy('number', 'desc')
        .limit(query.limit + 1)
        .execute();
      const page = pageOf(
        read.map((row) => ({ ...row, seq: row.number })),
        query,
        (row) => row,
      );
      return { ...page, items: await allJudged(db, query.service, page.items) };
    },
    async newest(service, branch) {
      return judged(db, await newestOfHead(db, service, branch));
    },
    async covering(service, branch, commit) {
      const further = db
        .selectFrom('release_commits')
        .select('number')
        .where('service', '=', service)
        .where('branch', '=', branch)
        .where('commit_id', '=', commit);
      const row = await rows()
        .where('service', '=', service)
        .where('branch', '=', branch)
        .where((is) => is.or([is('commit_id', '=', commit), is('number', 'in', further)]))
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return judged(db, row);
    },
    adopt: (release, now, onlyFirst) =>
      db.transaction().execute(async (trx) => {
        const { service, branch } = release;
        if (onlyFirst && (await newestOfHead(trx, service, branch)) !== undefined) return;
        await releaseHeads(trx, [release], now);
      }),
    async texts(hash) {
      if (hash === noRunFileHash) return [];
      const row = await db.selectFrom('run_files').select('texts').where('hash', '=', hash).executeTakeFirst();
      return row ? (JSON.parse(row.texts) as RunFileText[]) : null;
    },
  };
}

const newestOfHead = (db: Database | InTransaction, service: string, branch: string) =>
  db
    .selectFrom('releases')
    .selectAll()
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where('of_head', '=', 1)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The row as a release, with its verdicts. */
async function judged(db: Database, row: ReleaseRow | undefined): Promise<Release | null> {
  return row === undefined ? null : ((await allJudged(db, row.service, [row]))[0] ?? null);
}

async function allJudged(db: Database, service: string, rows: readonly ReleaseRow[]): Promise<readonly Release[]> {
  const numbers = rows.map(({ number }) => number);
  const verdicts = await releaseVerdicts(db, service, numbers);
  return rows.map((row) => releaseOf(row, verdicts.get(row.number) ?? []));
}

function releaseOf(row: ReleaseRow, verdicts: readonly ReleaseVerdict[]): Release {
  return {
    service: row.service,
    number: row.number,
    branch: row.branch,
    commit: row.commit_id,
    image: {
      repository: row.image_repository,
      digest: row.image_digest,
      tags: JSON.parse(row.image_tags) as string[],
    },
    runFile: JSON.parse(row.run_file) as RunFilePlace,
    runFileHash: row.run_file_hash,
    buildId: row.build_id,
    createdAt: row.created_at,
    verdicts,
  };
}

/** Makes the release of a build that has just succeeded, unless it equals the newest of its branch, which then covers its commit. */
export async function releaseBuild(trx: InTransaction, release: NewRelease, now: number): Promise<void> {
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
export async function releaseHeads(trx: InTransaction, releases: readonly NewRelease[], now: number): Promise<void> {
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
  const { service, branch, commit, image, runFile, buildId, ofHead } = release;
  const { hash, texts, source, path, commit: at, overlays } = runFile;
  await keepTexts(trx, hash, texts);
  const { last: number } = await trx
    .insertInto('release_numbers')
    .values({ service, last: 1 })
    .onConflict((conflict) => conflict.column('service').doUpdateSet({ last: sql`release_numbers.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
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
      build_id: buildId,
      created_at: now,
    })
    .execute();
  return known;
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
