import { sql } from 'kysely';
import {
  noRunFileHash,
  type Release,
  type ReleaseVerdict,
  type RunFilePlace,
  type RunFileText,
} from '../model/release.js';
import type { Releases } from './contract.js';
import { isRevision, isTagName } from '../tag-name.js';
import { decodeCursor, ofCommit, pageOf } from './pages.js';
import { releaseHeads } from './make-release.js';
import type { ReleaseRow } from './release-schema.js';
import type { Database, InTransaction } from './schema.js';
import { releaseVerdicts } from './verdicts.js';

export function createReleases(db: Database): Releases {
  const rows = () => db.selectFrom('releases').selectAll();
  return {
    async get(service, number) {
      const row = await rows().where('service', '=', service).where('number', '=', number).executeTakeFirst();
      return judged(db, row);
    },
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
    coveringStart: (service, start) => coveringStart(db, service, start),
    async tagged(service, tag) {
      // What is no tag cannot be one of an image. The others hold no wildcard but `_`, which is compared below.
      if (!isTagName(tag)) return [];
      const found = await rows()
        .where('service', '=', service)
        .where((is) => is.or([is('image_tags', 'like', `%"${tag}"%`), is('image_tags', 'like', `%"${tag}-r%`)]))
        .orderBy('number', 'desc')
        .limit(MAX_TAGGED)
        .execute();
      const judgedOnes = await allJudged(db, service, found);
      return judgedOnes.filter(({ image }) => image.tags.some((one) => isRevision(one, tag)));
    },
    adopt: (release, now, onlyFirst) =>
      db.transaction().execute(async (trx) => {
        const { service, branch } = release;
        if (onlyFirst && (await newestOfHead(trx, service, branch)) !== undefined) return;
        await releaseHeads(trx, [release], now);
      }),
    commitsOf: (service, digest) => commitsOf(db, service, digest),
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

/** Commits that are read for one digest. */
const MAX_COMMITS = 1_000;

async function commitsOf(db: Database, service: string, digest: string): Promise<readonly string[]> {
  const own = await db
    .selectFrom('releases')
    .select(['number', 'commit_id'])
    .where('service', '=', service)
    .where('image_digest', '=', digest)
    .orderBy('number', 'desc')
    .limit(MAX_COMMITS)
    .execute();
  const numbers = own.map(({ number }) => number);
  const further =
    numbers.length === 0
      ? []
      : await db
          .selectFrom('release_commits')
          .select('commit_id')
          .where('service', '=', service)
          .where('number', 'in', numbers)
          .orderBy('seq', 'desc')
          .limit(MAX_COMMITS)
          .execute();
  return [...new Set([...own, ...further].map((row) => row.commit_id))].slice(0, MAX_COMMITS);
}

/** Releases that are read for one tag. */
const MAX_TAGGED = 50;

async function coveringStart(db: Database, service: string, start: string): Promise<ReadonlyMap<string, Release>> {
  const own = await db
    .selectFrom('releases')
    .select(['commit_id', 'number'])
    .where('service', '=', service)
    .where(ofCommit(sql.ref('commit_id'), start))
    .execute();
  const further = await db
    .selectFrom('release_commits')
    .select(['commit_id', 'number'])
    .where('service', '=', service)
    .where(ofCommit(sql.ref('commit_id'), start))
    .execute();
  const newest = new Map<string, number>();
  for (const { commit_id: commit, number } of [...own, ...further])
    newest.set(commit, Math.max(number, newest.get(commit) ?? 0));
  const found = new Map<string, Release>();
  for (const [commit, number] of [...newest].slice(0, 2)) {
    const row = await db
      .selectFrom('releases')
      .selectAll()
      .where('service', '=', service)
      .where('number', '=', number)
      .executeTakeFirst();
    const release = await judged(db, row);
    if (release !== null) found.set(commit, release);
  }
  return found;
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
