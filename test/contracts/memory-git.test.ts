/** The host in memory does what the real one does, so what is proved on it holds. */
import { gitHostContract } from './git-host.js';
import { importRepository } from '../support/import-repository.js';
import { createMemoryGitHost } from '../support/memory-git.js';

gitHostContract('memory', ({ server }) => createMemoryGitHost((name) => importRepository(server.root, name)));
