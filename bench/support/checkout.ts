import { rmSync } from 'node:fs';
import { git } from '../../test/support/git.js';

const url = (cloneUrl: string, repository: string) => cloneUrl.replace('{repository}', repository);

/** A work tree of a repository's main branch that is kept and brought up to date, as that of a developer. */
export class Checkout {
  constructor(readonly folder: string) {}

  static async clone(folder: string, cloneUrl: string, repository: string): Promise<Checkout> {
    await git('/', ['clone', '--quiet', url(cloneUrl, repository), folder]);
    return new Checkout(folder);
  }

  /** Touches the files that differ and no others. */
  async update(): Promise<void> {
    await git(this.folder, ['fetch', '--quiet', 'origin', 'main']);
    await git(this.folder, ['reset', '--quiet', '--hard', 'FETCH_HEAD']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
