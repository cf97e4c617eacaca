import type { Remote } from './contract.js';
import type { Workshop } from './workshop.js';

export function createRemote(workshop: Workshop): Remote {
  return {
    refs: (recent = 0) => workshop.references.recent(recent),
    fetch: (wanted) => workshop.fetchCommits(wanted),
  };
}
