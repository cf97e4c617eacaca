import type { Service } from '../../model/service.js';

/** Values of ARGs; null: it has one that is not known here. */
export type GivenArgs = Readonly<Record<string, string | null>>;

export interface Told {
  /** As a build names it: of a git tag `refs/tags/NAME`. */
  readonly branch: string;
  readonly commit: string | null;
  readonly versionTag: string | null;
}

/** ARGs that a Dockerfile may declare to be told what it is building. */
export function toldArgs(told: Told): GivenArgs {
  return { SLIPWAY_VERSION: told.versionTag, SLIPWAY_COMMIT: told.commit, SLIPWAY_BRANCH: told.branch };
}

/** All that a Dockerfile of the service is given: its own arguments come before what it is told. */
export const argsOf = (service: Service, told: Told): GivenArgs => ({ ...toldArgs(told), ...service.buildArgs });
