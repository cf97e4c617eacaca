import { Recent } from '../../recent.js';
import type { Service } from '../../model/service.js';
import type { Warning } from '../../model/warning.js';
import type { RegionDrift } from '../../store/contract.js';

/** What findings depend on, besides the service's settings and the commit's names. */
export interface DriftSubject {
  readonly commit: string;
  /** Of the packaging, and what it reads. */
  readonly key: string;
}

/** What was found by names alone. */
export interface Findings {
  readonly drift: readonly RegionDrift[];
  /** About submodules and Git LFS files. Null: nobody has looked for them. */
  readonly unfetched: readonly Warning[] | null;
}

/**
 * The last findings of each service. Most pushes add and remove no files, and matching patterns against a whole repository again would slow
 * the builds. The key is the service object, so changed settings miss.
 */
export interface DriftMemory {
  recall(
    service: Service,
    subject: DriftSubject,
    sameNames: (one: string, other: string) => Promise<boolean>,
  ): Promise<Findings | null>;
  keep(service: Service, subject: DriftSubject, findings: Findings): void;
  /** What the store knows of a branch. Null: not known here. */
  noted(service: string, branch: string): NotedDrift | null;
  note(service: string, branch: string, noted: NotedDrift | null): void;
}

/** Digests of what region drift was last found from, and of what is stored of it. */
export interface NotedDrift {
  readonly subject: string;
  readonly found: string;
}

/** Branches of services, some hundred bytes each. */
const MAX_NOTED = 20_000;

export function createDriftMemory(): DriftMemory {
  const last = new WeakMap<Service, { readonly subject: DriftSubject; readonly findings: Findings }>();
  const noted = new Recent<NotedDrift>({ entries: MAX_NOTED, weight: MAX_NOTED });
  return {
    async recall(service, { commit, key }, sameNames) {
      const known = last.get(service);
      if (known?.subject.key !== key) return null;
      return known.subject.commit === commit || (await sameNames(known.subject.commit, commit)) ? known.findings : null;
    },
    keep(service, subject, findings) {
      last.set(service, { subject, findings });
    },
    noted: (service, branch) => noted.get(`${service}\0${branch}`) ?? null,
    note(service, branch, now) {
      const key = `${service}\0${branch}`;
      if (now === null) noted.delete(key);
      else noted.add(key, now, 1);
    },
  };
}
