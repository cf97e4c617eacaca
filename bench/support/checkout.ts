import { rmSync } from 'node:fs';
import { git } from '../../test/support/git.js';

const url = (cloneUrl: string, repository: string) => cloneUrl.replace('{repository}', repository);

/** A work tree of a repository's branch that is kept and brought up to date, as that of a developer. */
export class Checkout {
  constructor(
    readonly folder: string,
    private readonly branch: string,
  ) {}

  static async clone(folder: string, cloneUrl: string, repository: string, branch = 'main'): Promise<Checkout> {
    await git('/', ['clone', '--quiet', '--branch', branch, url(cloneUrl, repository), folder]);
    return new Checkout(folder, branch);
  }

  /** Touches the files that differ and no others. */
  async update(): Promise<void> {
    await git(this.folder, ['fetch', '--quiet', 'origin', this.branch]);
    await git(this.folder, ['reset', '--quiet', '--hard', 'FETCH_HEAD']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
