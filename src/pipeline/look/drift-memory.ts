import type { Service } from '../../model/service.js';
import type { Warning } from '../../model/warning.js';

/** What warnings depend on, besides the service's settings and the commit's names. */
export interface DriftSubject {
  readonly commit: string;
  /** Of the packaging, and what it reads. */
  readonly key: string;
}

/**
 * The last warnings of each service. Most pushes add and remove no files, and matching patterns against a whole repository again would slow
 * the builds. The key is the service object, so changed settings miss.
 */
export interface DriftMemory {
  recall(
    service: Service,
    subject: DriftSubject,
    sameNames: (one: string, other: string) => Promise<boolean>,
  ): Promise<readonly Warning[] | null>;
  keep(service: Service, subject: DriftSubject, warnings: readonly Warning[]): void;
}

export function createDriftMemory(): DriftMemory {
  const last = new WeakMap<Service, { readonly subject: DriftSubject; readonly warnings: readonly Warning[] }>();
  return {
    async recall(service, { commit, key }, sameNames) {
      const known = last.get(service);
      if (known?.subject.key !== key) return null;
      return known.subject.commit === commit || (await sameNames(known.subject.commit, commit)) ? known.warnings : null;
    },
    keep(service, subject, warnings) {
      last.set(service, { subject, warnings });
    },
  };
}
