import type { RemoteRefs } from '../contract.js';

/** Enough that new commits are not far from one of them. */
const MAX_TIPS = 256;

/**
 * Commits to announce to the host as already here, so that it sends only newer ones. The tips seen last may not be here yet: while a branch
 * moves quickly, references are seen more often than commits are fetched.
 */
export class Tips {
  #brought: readonly string[] = [];

  constructor(private readonly missing: (ids: readonly string[]) => Promise<readonly string[]>) {}

  /** Tips of the references and the last fetched commits, as far as they are here. */
  async here({ heads }: Pick<RemoteRefs, 'heads'>): Promise<readonly string[]> {
    const possible = [...new Set([...this.#brought, ...heads.values()])].slice(0, MAX_TIPS);
    const lacking = new Set(await this.missing(possible));
    return possible.filter((id) => !lacking.has(id));
  }

  /** Records fetched commits. They came with everything they reach. */
  brought(commits: readonly string[]): void {
    this.#brought = [...new Set([...commits, ...this.#brought])].slice(0, MAX_TIPS / 2);
  }

  forget(): void {
    this.#brought = [];
  }
}
