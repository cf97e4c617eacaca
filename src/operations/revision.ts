import { SlipwayError } from '../errors.js';
import type { Mirror, RemoteRefs } from '../git/contract.js';
import type { Service } from '../model/service.js';
import { mainBranch } from './main-branch.js';

/** A branch, named or assumed, and its tip. */
export interface ChosenBranch {
  readonly branch: string;
  readonly tip: string;
}

/**
 * The branch of a call: the named one, else the repository's default branch if the service builds it, else the service's first literal
 * branch. Fails with `branch-required` or `unknown-revision`.
 */
export function chooseBranch(service: Service, named: string | null, refs: RemoteRefs): ChosenBranch {
  const branch = named ?? mainBranch(service, refs);
  if (branch === null) {
    throw new SlipwayError('branch-required', `Name a branch: ${service.name} builds none that could be assumed.`);
  }
  const tip = refs.heads.get(branch);
  if (tip !== undefined) return { branch, tip };
  throw new SlipwayError('unknown-revision', `${service.repository} has no branch ${JSON.stringify(branch)}.`);
}

/** The full id of a named commit, after fetching it. Fails with `unknown-revision` if the repository does not have it. */
export async function resolveCommit(named: string, repository: string, mirror: Mirror): Promise<string> {
  const wanted = named.toLowerCase();
  if (/^[0-9a-f]{4,64}$/.test(wanted)) {
    if (wanted.length >= 40) await mirror.remote.fetch([wanted]);
    const commit = await mirror.history.resolve(wanted);
    if (commit !== null && (await mirror.history.has(commit))) return commit;
  }
  throw new SlipwayError('unknown-revision', `${repository} has no commit ${JSON.stringify(named)}.`);
}
