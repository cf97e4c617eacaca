/** What a service's main branch is like. */
export type OverviewState =
  | 'built'
  | 'reused'
  | 'running'
  | 'queued'
  | 'failed'
  | 'canceled'
  | 'superseded'
  | 'skipped'
  | 'waits-for-artifact'
  | 'none';

/** A service as a list shows it. Times in milliseconds since the epoch. */
export interface OverviewRow {
  readonly name: string;
  readonly repository: string;
  /** The one that a rebuild takes if none is named, as far as that is known without asking the git host. */
  readonly branch: string | null;
  /** The head that was decided on last. */
  readonly head: string | null;
  /** The newest image of a head: its commit, its version tag, its digest. */
  readonly commit: string | null;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly state: OverviewState;
  /** When something last happened. */
  readonly at: number | null;
  /** Why it is so. */
  readonly sentence: string;
  /** The build that the state speaks of. */
  readonly buildId: string | null;
  /** The step that the running build is at. */
  readonly step: string | null;
  readonly startedAt: number | null;
  /** Median of the last five successful builds, in milliseconds. */
  readonly expectedMs: number | null;
  /** A letter for each of the last 20 things that came of a look, the oldest first. */
  readonly outcomes: string;
  /** Regions and the Dockerfile have drifted apart. */
  readonly drift: boolean;
}

export interface OverviewCounts {
  readonly failing: number;
  readonly running: number;
  readonly queued: number;
  readonly waitsForArtifact: number;
  /** Built, reused, or nothing to build. */
  readonly upToDate: number;
  readonly none: number;
}

export interface OverviewAnswer {
  readonly revision: string;
  readonly counts: OverviewCounts;
  /** Builds of all branches. */
  readonly load: { readonly running: number; readonly queued: number };
  /** By name. */
  readonly services: readonly OverviewRow[];
}

/** Every service with its main branch. */
export interface Overview {
  /** Changes whenever the answer may. Reads no service. */
  revision(): Promise<string>;
  /** An answer is made once for each revision, for all callers. Fails as the store does. */
  answer(): Promise<OverviewAnswer>;
}
