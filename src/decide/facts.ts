/** A changed path and the pattern that caught it. */
export interface CaughtPath {
  readonly path: string;
  readonly pattern: string;
}

/** Changed paths as a reason tells of them. */
export interface CaughtPaths {
  readonly count: number;
  /** As many as a reason carries. */
  readonly first: readonly CaughtPath[];
  /** Of all of them. */
  readonly patterns: readonly string[];
}

/** How changed paths stand to a service's regions. */
export interface ClassifiedPaths {
  /** In an included and in no excluded region, or packaging of the application repository. */
  readonly counted: CaughtPaths;
  /** In an included region, but excluded. */
  readonly excluded: CaughtPaths;
  /** In no included region. */
  readonly outside: CaughtPaths;
}

export interface ChangedBase {
  readonly reference: string;
  readonly from: string | null;
  readonly to: string;
}

/** The newest artifact of the branch and what has changed since its commit; `changed` null: its commit is gone. */
export interface ArtifactFacts {
  readonly commit: string;
  /** Paths of the regions, packaging left out, that differ between the artifact's commit and head. */
  readonly changed: CaughtPaths | null;
}

/** What is known since the baseline. */
export interface SinceBaseline {
  /** Messages of the commits in `baseline..head`. */
  readonly messages: readonly string[];
  readonly paths: ClassifiedPaths;
  /** Packaging keys (`application:…`, `central:…`, `missing`) of baseline and head. */
  readonly packaging: { readonly from: string; readonly to: string };
  readonly bases: readonly ChangedBase[];
  readonly settingsChanged: boolean;
}

/** Everything that the decision for one service and branch depends on: plain values, gathered beforehand. */
export interface Facts {
  readonly service: string;
  readonly branch: string;
  readonly head: string;
  /** Who or what forces the build, as a sentence; null where nothing does. */
  readonly forced: string | null;
  readonly branchConfigured: boolean;
  /** Null where the service is not built from artifacts; `none` where the branch has no artifact. */
  readonly artifact: ArtifactFacts | 'none' | null;
  /** Commit of the baseline; null where there is none. */
  readonly baseline: string | null;
  /** Null where the baseline's commit is no longer in the repository (or there is no baseline). */
  readonly since: SinceBaseline | null;
}
