import type { LostRelease, NewRelease, Release, RunFileText } from '../model/release.js';
import type { Page, PageRequest } from './query-contract.js';

export interface ReleaseQuery extends PageRequest {
  readonly service: string;
}

/**
 * Releases are numbered per service over all branches, and never change. The end of a build and a recorded decision make them, too; see
 * `Queue.finish` and `Decisions.record`. Where digest and run file equal those of the branch's newest release, none is made: that one covers
 * the commit. None is made either of an image that is no longer the branch's baseline.
 */
export interface Releases {
  get(service: string, number: number): Promise<Release | null>;
  /** Newest first. */
  page(query: ReleaseQuery): Promise<Page<Release>>;
  /** The newest release of a commit that was head of the branch. */
  newest(service: string, branch: string): Promise<Release | null>;
  /** The newest release of the branch that covers the commit, as its own or as one of its further commits. */
  covering(service: string, branch: string, commit: string): Promise<Release | null>;
  /**
   * The commits of the service that begin so and that a release covers, each with the newest such release on any branch. Two at most: more
   * than one means that the beginning is ambiguous.
   */
  coveringStart(service: string, start: string): Promise<ReadonlyMap<string, Release>>;
  /** Releases of the service whose image was made with that tag or a revision of it (`-r2`, `-r3` …), newest first, at most 50. */
  tagged(service: string, tag: string): Promise<readonly Release[]>;
  /**
   * Makes the release of a head without a decision, as `Decisions.record` does. `onlyFirst`: only if no head of the branch has a release.
   */
  adopt(release: NewRelease, now: number, onlyFirst: boolean): Promise<void>;
  /** New numbers are higher than this one from now on: a container was seen that runs a release of that number. */
  numberSeen(service: string, number: number): Promise<void>;
  /**
   * Makes a release once more that the database has lost, and resolves with its number. It is no release of a head. Null if its number has a
   * release already.
   */
  restore(release: LostRelease, now: number): Promise<number | null>;
  /** The newest release of the service that has the digest. */
  newestOfDigest(service: string, digest: string): Promise<Release | null>;
  /** The commits of all releases of the service that have the digest, with those that they cover. At most 1,000. */
  commitsOf(service: string, digest: string): Promise<readonly string[]>;
  /** What the run file and overlays of that hash hold. Null if they are not stored. */
  texts(hash: string): Promise<readonly RunFileText[] | null>;
}
