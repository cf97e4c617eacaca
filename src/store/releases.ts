import {
  noRunFileHash,
  type Release,
  type ReleaseVerdict,
  type RunFilePlace,
  type RunFileText,
} from '../model/release.js';
import type { Releases } from './contract.js';
import { decodeCursor, pageOf } from './pages.js';
import { releaseHeads, restoreRelease } from './make-release.js';
import { noteNumber } from './note-number.js';
import { createReleaseSearch } from './release-search.js';
import { lostBuild, type ReleaseRow } from './release-schema.js';
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
    covering: async (service, branch, commit) => judged(db, await coveringRow(db, service, branch, commit)),
    adopt: (release, now, onlyFirst) =>
      db.transaction().execute(async (trx) => {
        const { service, branch } = release;
        if (onlyFirst && (await newestOfHead(trx, service, branch)) !== undefined) return;
        await releaseHeads(trx, [release], now);
      }),
    async numberSeen(service, number) {
      await noteNumber(db, service, number);
    },
    restore: (release, now) => db.transaction().execute((trx) => restoreRelease(trx, release, now)),
    async newestOfDigest(service, digest) {
      const row = await rows()
        .where('service', '=', service)
        .where('image_digest', '=', digest)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return judged(db, row);
    },
    async texts(hash) {
      if (hash === noRunFileHash) return [];
      const row = await db.selectFrom('run_files').select('texts').where('hash', '=', hash).executeTakeFirst();
      return row ? (JSON.parse(row.texts) as RunFileText[]) : null;
    },
  };
}

function coveringRow(db: Database, service: string, branch: string, commit: string): Promise<ReleaseRow | undefined> {
  const further = db
    .selectFrom('release_commits')
    .select('number')
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where('commit_id', '=', commit);
  return db
    .selectFrom('releases')
    .selectAll()
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where((is) => is.or([is('commit_id', '=', commit), is('number', 'in', further)]))
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
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
    buildId: row.build_id === lostBuild ? null : row.build_id,
    createdAt: row.created_at,
    verdicts,
  };
}
