import type { Heads } from './contract.js';
import { SlipwayError } from '../errors.js';
import type { GitHost } from '../git/contract.js';
import type { Store } from '../store/contract.js';

/** Branch tips from the git host, or those of the newest decisions if it does not answer. */
export function createHeads({ git, store }: { readonly git: GitHost; readonly store: Store }): Heads {
  return {
    async of(service, branches) {
      const tips = await git
        .mirror(service.repository)
        .remote.refs()
        .then(({ heads }) => heads)
        .catch((error: unknown) => {
          if (error instanceof SlipwayError) return null;
          throw error;
        });
      const found = new Map<string, string>();
      for (const branch of branches) {
        const head = tips ? tips.get(branch) : (await store.decisions.newest(service.name, branch))?.head;
        if (head) found.set(branch, head);
      }
      return found;
    },
  };
}
