export type { Central, CentralFile, CentralTree } from './central-tree.js';
export { createFolderCentral } from './folder-central.js';
export { createGitCentral } from './git-central.js';
