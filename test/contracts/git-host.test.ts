import { createGitHost } from '../../src/git/host/host.js';
import { gitHostContract } from './git-host.js';
import { quietLog, realClock } from '../git/surroundings.js';

const common = (dir: string) => ({ token: null, dir, env: process.env, clock: realClock, log: quietLog });

gitHostContract('http', (host, dir) => createGitHost({ cloneUrl: host.cloneUrl, ...common(dir) }));
gitHostContract('file', (host, dir) =>
  createGitHost({ cloneUrl: `file://${host.server.root}/{repository}.git`, ...common(dir) }),
);
