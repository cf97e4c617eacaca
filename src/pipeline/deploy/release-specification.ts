import type { KeptSpecification } from '../../model/deployment.js';
import { keptSpecification } from '../../specification/kept-specification.js';
import type { Wanted } from '../../specification/request.js';
import { runFileFault } from '../../specification/run-file-fault.js';
import { specify, type SpecifyDeps } from '../../specification/specify.js';
import { specificationWarnings } from '../../specification/warnings.js';

/** What a release is run with, and what should be known of that. */
export interface ReleaseSpecification {
  readonly specification: KeptSpecification;
  readonly warnings: readonly string[];
}

/** A release joined with today's settings. Fails with the code of its run file's faults, which are all in `faults`. */
export async function releaseSpecification(wanted: Wanted, deps: SpecifyDeps): Promise<ReleaseSpecification> {
  const { release, environment } = wanted;
  const specified = await specify(wanted, deps);
  if (specified.specification === null)
    throw runFileFault(specified.faults, `${release.service}, release ${release.number}, in ${environment.name}`);
  return {
    specification: keptSpecification(specified.specification, environment),
    warnings: specificationWarnings(release, specified),
  };
}
