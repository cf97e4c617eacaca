import { SlipwayError } from './errors.js';

/** A host that names a commit as the tip of a branch or tag and does not give it: its copies differ for a while. */
export const notGiven = (commit: string, branch: string, repository: string): SlipwayError =>
  new SlipwayError(
    'git-unavailable',
    `The git host names ${commit} as ${branch} of ${repository} and does not give it.`,
  );
