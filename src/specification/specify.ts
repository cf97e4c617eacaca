import { SlipwayError } from '../errors.js';
import type { Origins, Parameters } from '../model/parameters.js';
import type { RunFileFault, RunFileWarning, Verify } from '../model/run-file.js';
import type { Reading } from '../reading/reading.js';
import type { RunFile } from '../run-file/run-file.js';
import { Secret } from '../secret.js';
import type { Store } from '../store/contract.js';
import { runFileRequest, type Wanted } from './request.js';
import { mergeVerify } from './verify.js';

/** What the containers of a release are created from in an environment, on whichever host. */
export interface Specification {
  /** The image by its digest, with the host of its registry. */
  readonly image: string;
  readonly parameters: Parameters;
  readonly origins: Origins;
  /** How a container is asked which version it runs. Hidden, since a header may be secret. Null: it is not asked. */
  readonly verify: Secret<Verify> | null;
  /** The keys of `verify` that are never shown. */
  readonly secretVerifyKeys: readonly (keyof Verify)[];
}

export interface Specified {
  /** Null if there are faults. */
  readonly specification: Specification | null;
  /** All of them, in the order of the files. */
  readonly faults: readonly RunFileFault[];
  readonly warnings: readonly RunFileWarning[];
}

export interface SpecifyDeps {
  readonly store: {
    readonly releases: Pick<Store['releases'], 'texts'>;
    readonly formerNames: Pick<Store['formerNames'], 'first'>;
  };
  readonly reading: Pick<Reading, 'runFile'>;
  /** `host[:port]` of the registry. */
  readonly registryHost: string;
}

/**
 * Joins what a release's run file and the configuration of an environment say. Asks nothing but the store, so the answer is the same when
 * repository and hosts are away. What is wrong with the run file is in the answer; fails only as the store does.
 */
export async function specify(wanted: Wanted, deps: SpecifyDeps): Promise<Specified> {
  const { release, deploy } = wanted;
  const repository = `${deps.registryHost}/${release.image.repository}`;
  const texts = await deps.store.releases.texts(release.runFileHash);
  if (texts === null)
    throw new SlipwayError('internal', `The run file of ${release.service}, release ${release.number}, is not stored.`);
  const volumesOf = await deps.store.formerNames.first(release.service);
  const asked = runFileRequest({ ...wanted, texts, repository, volumesOf });
  const { result, faults, warnings }: RunFile =
    'faults' in asked
      ? { result: null, faults: asked.faults, warnings: [] }
      : await deps.reading.runFile(asked.request);
  if (result === null) return { specification: null, faults, warnings };
  const verify = mergeVerify(result.verify, deploy.verify?.reveal() ?? null);
  return {
    specification: {
      image: `${repository}@${release.image.digest}`,
      parameters: result.parameters,
      origins: result.origins,
      verify: verify === null ? null : new Secret(verify),
      secretVerifyKeys: deploy.secretVerifyKeys,
    },
    faults,
    warnings,
  };
}
