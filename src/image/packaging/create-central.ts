import type { Config } from '../../config/config.js';
import type { GitHost } from '../../git/contract.js';
import type { Central } from './central-tree.js';
import { createFolderCentral } from './folder-central.js';
import { createGitCentral } from './git-central.js';

/** Central dockerfiles as the configuration names them. */
export const createCentral = (dockerfiles: Config['dockerfiles'], git: Pick<GitHost, 'mirror'>): Central =>
  dockerfiles.kind === 'folder'
    ? createFolderCentral(dockerfiles.path, dockerfiles.isDefault)
    : createGitCentral(git.mirror(dockerfiles.repository), dockerfiles.branch);
