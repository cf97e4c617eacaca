/** A git host in memory whose repositories are written to as those of test/support/git.ts are. */
import { createHash } from 'node:crypto';
import type { GitHost } from '../../src/git/contract.js';
import type { CommitRequest, FileChange, TestRepo } from './git.js';
import { createMemoryGitHost, memoryFile, MemoryRepository, type MemoryFile } from './memory-git.js';

/** What tests do to a repository on either kind of host. */
export type StageRepo = Pick<
  TestRepo,
  'commit' | 'branch' | 'forcePush' | 'deleteBranch' | 'tag' | 'deleteTag' | 'tip' | 'forgetUnreachable' | 'takeAway'
>;

function fileOf(change: Exclude<FileChange, null>): MemoryFile {
  if (typeof change === 'string' || Buffer.isBuffer(change)) return memoryFile(change);
  if ('submodule' in change) return { mode: '160000', blob: change.submodule, content: Buffer.alloc(0) };
  return memoryFile(change.content, change.mode);
}

class MemoryRepo implements StageRepo {
  readonly held = new MemoryRepository();

  async commit({ files, ...more }: CommitRequest): Promise<string> {
    const changes = Object.entries(files).map(([path, change]) => [path, change === null ? null : fileOf(change)]);
    return this.held.commit(Object.fromEntries(changes) as Record<string, MemoryFile | null>, more);
  }

  async branch(name: string, sha: string): Promise<void> {
    this.held.heads.set(name, this.#existing(sha));
  }

  async forcePush(name: string, sha: string): Promise<void> {
    await this.branch(name, sha);
  }

  async deleteBranch(name: string): Promise<void> {
    this.held.heads.delete(name);
  }

  async tag(name: string, sha: string, message?: string): Promise<void> {
    await this.deleteTag(name);
    this.held.tags.set(name, this.#existing(sha));
    if (message === undefined) return;
    this.held.tagObjects.set(name, createHash('sha1').update(`tag ${name} ${sha} ${message}`).digest('hex'));
  }

  async deleteTag(name: string): Promise<void> {
    this.held.tags.delete(name);
    this.held.tagObjects.delete(name);
  }

  async tip(branch: string): Promise<string | null> {
    return this.held.heads.get(branch) ?? null;
  }

  async forgetUnreachable(): Promise<void> {
    const { heads, tags, commits } = this.held;
    const kept = this.held.reachable([...heads.values(), ...tags.values()]);
    for (const sha of [...commits.keys()]) if (!kept.has(sha)) commits.delete(sha);
  }

  async takeAway(branch: string): Promise<{ bringBack: () => Promise<void> }> {
    const before = new Map(this.held.commits);
    await this.deleteBranch(branch);
    await this.forgetUnreachable();
    return {
      bringBack: async () => {
        for (const [sha, commit] of before) this.held.commits.set(sha, commit);
      },
    };
  }

  #existing(sha: string): string {
    if (this.held.commits.has(sha)) return sha;
    throw new Error(`The repository has no commit ${sha}.`);
  }
}

export interface MemoryHost {
  /** With mirrors that outlive a server, as those on disk do. */
  readonly git: GitHost;
  /** Makes the repository, or opens it. */
  repo(name: string): StageRepo;
  forgetMirrors(): void;
}

export function createMemoryHost(): MemoryHost {
  const repos = new Map<string, MemoryRepo>();
  const create = () => createMemoryGitHost(async (name) => repos.get(name)?.held ?? null);
  let git = create();
  return {
    get git() {
      return git;
    },
    repo(name) {
      const repo = repos.get(name) ?? new MemoryRepo();
      repos.set(name, repo);
      return repo;
    },
    forgetMirrors: () => void (git = create()),
  };
}
