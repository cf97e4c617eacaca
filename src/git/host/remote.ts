import type { Remote } from '../contract.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

export function createRemote(mirrorRepository: MirrorRepository): Remote {
  return {
    refs: (recent = 0) => mirrorRepository.references.recent(recent),
    shown: () => mirrorRepository.references.shown,
    fetch: (wanted) => mirrorRepository.fetchCommits(wanted),
  };
}
