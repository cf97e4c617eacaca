import type { Image } from './image.js';

/** The identity of no run file at all. */
export const noRunFileHash = 'none';

/** Which run file belongs to a release. */
export interface RunFilePlace {
  readonly source: 'application' | 'central' | 'none';
  /** In its repository, or below the central folders. Null without one. */
  readonly path: string | null;
  /** The application's commit, or that of the central repository. Null for a local folder, and without a run file. */
  readonly commit: string | null;
  /** The environments that have an overlay beside it, in alphabetical order. */
  readonly overlays: readonly string[];
}

/** A run file or overlay as it was when its release was made. */
export interface RunFileText {
  /** Null for the run file itself. */
  readonly environment: string | null;
  /** Base64, since it may be anything. Null if it cannot be used; `fault` then says why. */
  readonly content: string | null;
  readonly fault: string | null;
}

/** Whether a release was verified in an environment. */
export interface ReleaseVerdict {
  readonly environment: string;
  readonly verdict: 'verified' | 'failed' | 'unknown';
  /** Why not, or null. */
  readonly code: string | null;
  readonly at: number | null;
  readonly deploymentId: string | null;
}

/** An image with the run file that belongs to it. Immutable. Numbered per service over all branches: 1, 2, 3 … */
export interface Release {
  readonly service: string;
  readonly number: number;
  /** Branch name, or `refs/tags/NAME` for a git tag. */
  readonly branch: string;
  readonly commit: string;
  readonly image: Image;
  readonly runFile: RunFilePlace;
  /** Identity of what run file and overlays hold. Equal: equal texts. */
  readonly runFileHash: string;
  /** The build that made the image. Null: the database has lost it. */
  readonly buildId: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly verdicts: readonly ReleaseVerdict[];
}

/** A run file as a release keeps it. */
export interface KeptRunFile extends RunFilePlace {
  readonly hash: string;
  /** Null if the store has the texts of that hash already. */
  readonly texts: readonly RunFileText[] | null;
}

/** What makes a release, or is covered by one that is equal. */
export interface NewRelease {
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  readonly image: Image;
  readonly runFile: KeptRunFile;
  readonly buildId: string;
  /** Whether the commit was the head of its branch. */
  readonly ofHead: boolean;
}

/** A release that a container is known to run, and the database has lost. */
export interface LostRelease extends Omit<NewRelease, 'buildId' | 'ofHead'> {
  /** The number that it had. Null: another release has that by now, so it gets a new one. */
  readonly number: number | null;
}
