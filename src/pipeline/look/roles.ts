import type { Look } from '../../model/look.js';
import type { Service } from '../../model/service.js';
import { sameRepository } from '../../same-repository.js';

export interface CentralRepository {
  readonly repository: string;
  /** Null: the repository's default branch. */
  readonly branch: string | null;
}

/** What the repository of a look holds: services, the central dockerfiles, both, or nothing. */
export interface LookRoles {
  /** Its name in the configuration. */
  readonly repository: string;
  readonly application: readonly Service[];
  readonly central: boolean;
}

export function rolesOf(
  look: Look,
  services: ReadonlyMap<string, Service>,
  central: CentralRepository | null,
): LookRoles {
  const named = look.services;
  const application = [...services.values()].filter(
    (service) =>
      sameRepository(service.repository, look.repository) && (named === null || named.includes(service.name)),
  );
  const isCentral = central !== null && named === null && sameRepository(central.repository, look.repository);
  const repository = application[0]?.repository ?? (isCentral ? central.repository : look.repository);
  return { repository, application, central: isCentral };
}
