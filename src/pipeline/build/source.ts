import { SlipwayError } from '../../errors.js';
import type { CommitInfo, Mirror } from '../../git/contract.js';
import type { Build } from '../../model/build.js';
import type { Service } from '../../model/service.js';
import { parseRef } from '../../git-ref.js';
import { officialVersion, type ReadVersion } from './version.js';

/**
 * Milliseconds for which the references that a decision was made on still say what the head is. One that moved since then announces itself,
 * and is built next, as if it had moved a moment after the build began.
 */
const recently = 1000;

/** What a build knows of its commit before it makes an image. */
export interface Source {
  readonly commit: CommitInfo;
  /** Commits that it reaches, itself included. */
  readonly count: number;
  /** Whether it is the branch's tip now (for a git tag: what the tag names now). */
  readonly isHead: boolean;
  /** The tip now; null where the branch or tag is gone. */
  readonly head: string | null;
  /** Official version, as the call, the setting or a file states it. */
  readonly version: string;
  /** What the build's log is to say of how that was found, as sentences. */
  readonly remarks: readonly string[];
}

/**
 * Brings the commit into the mirror and reads what the version is made of. `commit-not-found` where the host has it no more;
 * `git-unavailable`, `git-unauthorized`.
 */
export async function fetchSource(
  build: Pick<Build, 'repository' | 'branch' | 'commit' | 'version'>,
  service: Pick<Service, 'version' | 'path'>,
  mirror: Mirror,
  stated: ReadVersion,
): Promise<Source> {
  const refs = await mirror.remote.refs(recently);
  const { kind, name } = parseRef(build.branch);
  const head = (kind === 'tag' ? refs.tags : refs.heads).get(name) ?? null;
  await mirror.remote.fetch(head === null ? [build.commit] : [build.commit, head]);
  if (!(await mirror.history.has(build.commit))) {
    throw new SlipwayError('commit-not-found', `Commit ${build.commit} is not in ${build.repository}.`);
  }
  const remarks: string[] = [];
  const read = (path: string, most: number) => mirror.tree.follow(build.commit, path, most);
  const [commit, count, version] = await Promise.all([
    mirror.history.info(build.commit),
    mirror.history.count(build.commit),
    build.version ??
      officialVersion(service.version, service.path, { read, stated, remark: (line) => void remarks.push(line) }),
  ]);
  return { commit, count, isHead: head === build.commit, head, version, remarks };
}
