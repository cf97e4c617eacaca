/** A changed path and the text of the pattern that caught it. */
export interface CaughtPath {
  readonly path: string;
  readonly pattern: string;
}

/** Changed paths as a reason shows them: all are counted, the first are listed. */
export interface CaughtPaths {
  readonly count: number;
  /** At most the number that a reason carries. */
  readonly first: readonly CaughtPath[];
  /** Texts of all patterns that caught a path, in the order of the configuration. */
  readonly patterns: readonly string[];
}

/** Changed paths, sorted by the service's regions. */
export interface ClassifiedPaths {
  /** In an included region and not excluded, or packaging of the application repository. */
  readonly counted: CaughtPaths;
  /** In an included region, but excluded. */
  readonly excluded: CaughtPaths;
  /** In no included region. Their pattern is empty. */
  readonly outside: CaughtPaths;
  /** Run files that do not make the image. */
  readonly runFiles: CaughtPaths;
}

export interface ChangedBase {
  readonly reference: string;
  readonly from: string | null;
  readonly to: string;
}

/** The artifact that counts for the head, and what has changed since its commit. */
export interface ArtifactFacts {
  readonly commit: string;
  /** Paths of the regions, without packaging, that differ between the artifact's commit and head. */
  readonly changed: CaughtPaths;
}

export interface SinceBaseline {
  /** Messages of the commits in `baseline..head`. */
  readonly messages: readonly string[];
  readonly paths: ClassifiedPaths;
  /** Packaging keys (`application:…`, `central:…`, `missing`) of baseline and head. */
  readonly packaging: { readonly from: string; readonly to: string };
  readonly bases: readonly ChangedBase[];
  readonly settingsChanged: boolean;
  /** Identities of the run file of the branch's newest release, and of the one in force. `from` is null without a release. */
  readonly runFile: { readonly from: string | null; readonly to: string };
}

/** Everything that the decision for one service and branch depends on, as plain values. */
export interface Facts {
  readonly service: string;
  readonly branch: string;
  readonly head: string;
  /** Who or what forces the build, as a sentence, or null. */
  readonly forced: string | null;
  readonly branchConfigured: boolean;
  /** Null if the service is not built from artifacts; `none` if neither the head nor an ancestor has an artifact. */
  readonly artifact: ArtifactFacts | 'none' | null;
  /** Commit of the baseline, or null. */
  readonly baseline: string | null;
  /** Null without a baseline, or if its commit is no longer in the repository. */
  readonly since: SinceBaseline | null;
}
