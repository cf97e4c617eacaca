import type { Service } from '../../model/service.js';

/** Values of ARGs. Null: a value that is not known here. */
export type GivenArgs = Readonly<Record<string, string | null>>;

export interface Told {
  /** As builds name it: a git tag is `refs/tags/NAME`. */
  readonly branch: string;
  readonly commit: string | null;
  readonly versionTag: string | null;
}

/** ARGs that Slipway fills in if a Dockerfile declares them. */
export function injectedArgs(told: Told): GivenArgs {
  return { SLIPWAY_VERSION: told.versionTag, SLIPWAY_COMMIT: told.commit, SLIPWAY_BRANCH: told.branch };
}

/** All ARGs of a service's Dockerfile. The service's own override the injected ones. */
export const argsOf = (service: Service, told: Told): GivenArgs => ({ ...injectedArgs(told), ...service.buildArgs });
