/** Values of ARGs; null: it has one that is not known here. */
export type GivenArgs = Readonly<Record<string, string | null>>;

/** ARGs that a Dockerfile may declare to be told what it is building; the service's own come before them. */
export function toldArgs(told: {
  /** As a build names it: of a git tag `refs/tags/NAME`. */
  readonly branch: string;
  readonly commit: string | null;
  readonly versionTag: string | null;
}): GivenArgs {
  return { SLIPWAY_VERSION: told.versionTag, SLIPWAY_COMMIT: told.commit, SLIPWAY_BRANCH: told.branch };
}
