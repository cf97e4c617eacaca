import type { Fault } from '../config/config.js';
import type { RemoteRefs } from '../git/contract.js';
import type { Service } from '../model/service.js';
import { nearNames } from '../near-names.js';

/**
 * The branches that services name literally and that their repositories do not have, with their places and near names. A branch may be yet to
 * come, so none is a fault. `own`: the services that have `branches` of their own; those of `defaults` are for many repositories. Repositories
 * whose references are not known are left out.
 */
export function missingBranches(
  services: ReadonlyMap<string, Service>,
  own: ReadonlySet<string>,
  refs: ReadonlyMap<string, RemoteRefs>,
): readonly Fault[] {
  return [...services.values()].flatMap((service) => {
    const heads = refs.get(service.repository)?.heads;
    return heads === undefined || !own.has(service.name) ? [] : missingOf(service, heads);
  });
}

function missingOf({ name, repository, branches, literalBranches }: Service, heads: RemoteRefs['heads']): Fault[] {
  const literal = new Set(literalBranches);
  return branches.flatMap(({ text }, at): Fault[] => {
    if (!literal.has(text) || heads.has(text)) return [];
    const near = nearNames(text, heads.keys());
    const similar = near.length === 0 ? '' : `; similar: ${near.join(', ')}`;
    return [
      {
        path: `services.${name}.branches[${at}]`,
        message: `${repository} has no branch ${JSON.stringify(text)}${similar}`,
      },
    ];
  });
}
