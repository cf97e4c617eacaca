import { SlipwayError } from '../../errors.js';
import type { Mirror, Tree } from '../../git/contract.js';
import type { Central, CentralFile } from './central-tree.js';
import { checkServiceFolder, onceEach } from './central-folder-name.js';

/**
 * Central dockerfiles in a git repository, at the tip of a branch (null: the default branch). `current` asks the host for the tip and
 * brings it into the mirror. Fails with `unknown-revision` where the branch does not exist, `commit-not-found` where its tip cannot be
 * had, and as the git host does.
 */
export function createGitCentral(mirror: Mirror, branch: string | null): Central {
  return {
    async current() {
      const refs = await mirror.remote.refs();
      const name = branch ?? refs.defaultBranch;
      const commit = name === null ? undefined : refs.heads.get(name);
      if (commit === undefined)
        throw new SlipwayError(
          'unknown-revision',
          `The repository of the central dockerfiles has no branch ${name ?? '(default)'}.`,
        );
      await mirror.remote.fetch([commit]);
      return { commit, files: onceEach((service) => filesAt(mirror.tree, commit, service)) };
    },
  };
}

async function filesAt(tree: Tree, commit: string, service: string): Promise<readonly CentralFile[]> {
  const entries = await tree.list(commit, checkServiceFolder(service));
  const files: CentralFile[] = [];
  for await (const { chunks } of tree.blobs(entries.map(({ blob }) => blob))) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const entry = entries[files.length];
    if (entry) files.push({ ...entry, content: Buffer.concat(parts) });
  }
  return files;
}
