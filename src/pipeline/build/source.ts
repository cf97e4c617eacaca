import { SlipwayError } from '../../errors.js';
import type { CommitInfo, Mirror } from '../../git/contract.js';
import type { Build } from '../../model/build.js';
import type { Service } from '../../model/service.js';
import { parseRef } from '../../git-ref.js';
import { officialVersion, type OfficialVersion, type ReadVersion } from '../../image/version/official-version.js';
import { notGiven } from '../../not-given.js';

/**
 * A decision's references are trusted for this long, in milliseconds. A branch that has moved since then announces itself and is built
 * next, as if it had moved just after this build began.
 */
const FRESH_MS = 1000;

/** What a build knows of its commit before it makes an image. */
export interface Source {
  readonly commit: CommitInfo;
  /** Number of commits that it reaches, including itself. */
  readonly count: number;
  /** True if it is the branch's tip now (for a git tag: the tag's commit). */
  readonly isHead: boolean;
  /** The tip now. Null if the branch or tag is gone. */
  readonly head: string | null;
  readonly version: OfficialVersion;
}

/** Twice if it has to be: the mirror may be rebuilt after the first fetch. */
async function bring({ commit, repository, branch }: Wanted, head: string | null, mirror: Mirror): Promise<void> {
  for (const _ of ['first', 'second']) {
    await mirror.remote.fetch(head === null ? [commit] : [commit, head]);
    if (await mirror.history.has(commit)) return;
  }
  const type = await mirror.history.typeOf(commit);
  if (type !== null) throw new SlipwayError('commit-not-found', `${commit} in ${repository} is a ${type}, no commit.`);
  if (head !== commit) throw new SlipwayError('commit-not-found', `Commit ${commit} is not in ${repository}.`);
  throw notGiven(commit, branch, repository);
}

type Wanted = Pick<Build, 'repository' | 'branch' | 'commit'>;

/**
 * Fetches the commit into the mirror and reads what the version is made of. Fails with `commit-not-found` if the host no longer has it,
 * `git-unavailable` (also if it names the commit as the tip and does not give it) or `git-unauthorized`.
 */
export async function fetchSource(
  build: Pick<Build, 'repository' | 'branch' | 'commit' | 'version'>,
  service: Pick<Service, 'version' | 'versionPattern' | 'path'>,
  mirror: Mirror,
  stated: ReadVersion,
): Promise<Source> {
  const refs = await mirror.remote.refs(FRESH_MS);
  const { kind, name } = parseRef(build.branch);
  const head = (kind === 'tag' ? refs.tags : refs.heads).get(name) ?? null;
  await bring(build, head, mirror);
  const read = (path: string, maxBytes: number) => mirror.tree.follow(build.commit, path, maxBytes);
  const [commit, count, version] = await Promise.all([
    mirror.history.info(build.commit),
    mirror.history.count(build.commit),
    officialVersion(build.version, service, { read, stated }),
  ]);
  return { commit, count, isHead: head === build.commit, head, version };
}
