import type { Heads } from './contract.js';
import { SlipwayError } from '../errors.js';
import type { GitHost, Remote, RemoteRefs } from '../git/contract.js';
import { parseRef } from '../git-ref.js';

/** Heads as the git host has them. */
export function createHeads({ git }: { readonly git: Pick<GitHost, 'mirror'> }): Heads {
  return {
    async of(service, branches, when = 'now') {
      const { remote } = git.mirror(service.repository);
      const refs = when === 'now' ? await ask(remote) : remote.shown();
      const found = new Map<string, string | null>();
      if (refs !== null) for (const branch of branches) found.set(branch, headOf(branch, refs));
      return found;
    },
  };
}

const ask = (remote: Remote): Promise<RemoteRefs | null> =>
  remote.refs().catch((error: unknown) => {
    if (error instanceof SlipwayError) return null;
    throw error;
  });

function headOf(branch: string, { heads, tags }: RemoteRefs): string | null {
  const { kind, name } = parseRef(branch);
  return (kind === 'tag' ? tags : heads).get(name) ?? null;
}
