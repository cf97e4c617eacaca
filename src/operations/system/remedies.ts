import type { Readiness } from '../../server/contract.js';

type CheckName = keyof Awaited<ReturnType<Readiness['check']>>;

/** What to do about a check that has something to say. */
export const remedies: Readonly<Record<CheckName, string>> = {
  engine: 'Start the Docker Engine, or correct engine.host. Builds wait until it answers.',
  registry: 'Check that the registry runs, and that registry.host, username and password are right.',
  store: 'Check that the data directory can be written and has space.',
  git: 'Check that the git host can be reached, and that github.token may read the repository.',
  disk: 'Free space in the data directory, or lower limits.freeDisk. No build starts until then.',
  setAside: 'Find the cause in the log. A push or a rebuild tries again, and a success ends it.',
  configuration: 'Correct the file. It is read again by itself; until then the former configuration stays in force.',
  waiting: 'Everything is tried again by itself at its time. See what does not answer above.',
  hosts: 'Check the hosts in the environments. Builds and other hosts go on.',
};
