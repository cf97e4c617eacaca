import type { Service } from '../../model/service.js';

/** Values of ARGs. Null: a value that is not known here. */
export type GivenArgs = Readonly<Record<string, string | null>>;

export interface Injected {
  /** As builds name it: a git tag is `refs/tags/NAME`. */
  readonly branch: string;
  readonly commit: string | null;
  readonly versionTag: string | null;
}

/** ARGs that Slipway fills in if a Dockerfile declares them. */
export function injectedArgs(injected: Injected): GivenArgs {
  return { SLIPWAY_VERSION: injected.versionTag, SLIPWAY_COMMIT: injected.commit, SLIPWAY_BRANCH: injected.branch };
}

/** All ARGs of a service's Dockerfile. The service's own override the injected ones. */
export const argsOf = (service: Service, injected: Injected): GivenArgs => ({
  ...injectedArgs(injected),
  ...service.buildArgs,
});
