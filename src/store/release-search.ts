import { sql } from 'kysely';
import type { Release } from '../model/release.js';
import { isRevision, isTagName } from '../tag-name.js';
import type { Releases } from './contract.js';
import { ofCommit } from './pages.js';
import type { Database } from './schema.js';

/** Releases that are read for one tag. */
const MAX_TAGGED = 50;

/** Commits that are read for one digest. */
const MAX_COMMITS = 1_000;

/** Finds releases by what people have in hand. */
export function createReleaseSearch(
  db: Database,
  get: Releases['get'],
): Pick<Releases, 'coveringStart' | 'tagged' | 'commitsOf'> {
  const known = async (service: string, numbers: readonly number[]): Promise<readonly Release[]> => {
    const found = await Promise.all(numbers.map((number) => get(service, number)));
    return found.flatMap((release) => (release === null ? [] : [release]));
  };
  return {
    commitsOf: (service, digest) => commitsOf(db, service, digest),
    async coveringStart(service, start) {
      const found = new Map<string, Release>();
      for (const [commit, number] of [...(await coveredCommits(db, service, start))].slice(0, 2))
        for (const release of await known(service, [number])) found.set(commit, release);
      return found;
    },
    async tagged(service, tag) {
      // The others hold no wildcard but `_`, and their letters may be compared without case: below they are compared exactly.
      if (!isTagName(tag)) return [];
      const rows = await db
        .selectFrom('releases')
        .select(['number', 'image_tags'])
        .where('service', '=', service)
        .where((is) => is.or([is('image_tags', 'like', `%"${tag}"%`), is('image_tags', 'like', `%"${tag}-r%`)]))
        .orderBy('number', 'desc')
        .limit(MAX_TAGGED)
        .execute();
      const named = rows.filter(({ image_tags: tags }) =>
        (JSON.parse(tags) as string[]).some((one) => isRevision(one, tag)),
      );
      return known(
        service,
        named.map(({ number }) => number),
      );
    },
  };
}

/** The commits that begin so, each with the number of the newest release that covers it. */
async function coveredCommits(db: Database, service: string, start: string): Promise<ReadonlyMap<string, number>> {
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
  return newest;
}

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
