import { SlipwayError } from '../../errors.js';
import type { Service } from '../../model/service.js';
import type { WhereCall } from '../contract.js';
import { releaseOfVersion } from '../release-of-version.js';
import type { WhereDeps } from './deps.js';

type MeantDeps = Pick<WhereDeps, 'store' | 'git'>;

/** Length of a commit id in full. */
const FULL_ID_CHARACTERS = 40;

/**
 * The commit that a call means. Fails with `invalid-request` unless exactly one thing is named, `unknown-commit`, and the codes of the git
 * host if only that could tell.
 */
export async function meantCommit({ service, commit, version }: WhereCall, deps: MeantDeps): Promise<string> {
  if ((commit === null) === (version === null))
    throw new SlipwayError('invalid-request', 'Name exactly one of commit and version.');
  if (version !== null) return ofVersion(service, version, deps);
  return inFull(service, (commit ?? '').toLowerCase(), deps);
}

async function inFull(service: Service, start: string, { store, git }: MeantDeps): Promise<string> {
  const { remote, history } = git.mirror(service.repository);
  const isFull = start.length >= FULL_ID_CHARACTERS;
  // A pushed commit that nobody has looked at yet is not in the mirror.
  const failure = isFull && !(await history.has(start)) ? await failureOf(remote.fetch([start])) : null;
  const found = isFull ? ((await history.has(start)) ? start : null) : await history.resolve(start);
  if (found !== null) return found;
  const [released, ...others] = (await store.releases.coveringStart(service.name, start)).keys();
  if (released !== undefined && others.length === 0) return released;
  if (failure !== null) throw failure;
  const what = others.length > 0 ? 'more than one commit that begins with' : 'no commit';
  throw new SlipwayError('unknown-commit', `${service.repository} has ${what} ${start}.`);
}

const failureOf = (work: Promise<void>): Promise<SlipwayError | null> =>
  work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof SlipwayError) return error;
      throw error;
    },
  );

async function ofVersion({ name }: Service, version: string, { store }: MeantDeps): Promise<string> {
  const release = await releaseOfVersion(name, version, store);
  if (release !== null) return release.commit;
  throw new SlipwayError(
    'unknown-commit',
    `No release of ${name} has the version or git tag ${JSON.stringify(version)}.`,
  );
}
