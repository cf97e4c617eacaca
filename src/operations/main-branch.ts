import type { RemoteRefs } from '../git/contract.js';
import type { Service } from '../model/service.js';

/**
 * The branch that is meant where none is named: the repository's default branch if the service builds it, else the service's first literal
 * branch. Null if there is neither. `refs`: what the host says; null if that is not known.
 */
export function mainBranch(service: Service, refs: Pick<RemoteRefs, 'defaultBranch'> | null): string | null {
  const usual = refs?.defaultBranch ?? null;
  const configured = usual !== null && service.branches.some((pattern) => pattern.matches(usual));
  return configured ? usual : (service.literalBranches[0] ?? null);
}
