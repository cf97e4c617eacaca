import type { RemoteRefs } from './contract.js';

/** The host needs one from which what is new is not far. */
const most = 256;

/**
 * Commits that the host is told of as being here already, so that it sends what is new since then alone. The tips that were seen last may
 * not be here yet: while a branch moves quickly, references are seen more often than commits are brought.
 */
export class Tips {
  #brought: readonly string[] = [];

  constructor(private readonly missing: (ids: readonly string[]) => Promise<readonly string[]>) {}

  /** Those of the references, and those that came last, as far as they are here. */
  async here({ heads }: Pick<RemoteRefs, 'heads'>): Promise<readonly string[]> {
    const possible = [...new Set([...this.#brought, ...heads.values()])].slice(0, most);
    const lacking = new Set(await this.missing(possible));
    return possible.filter((id) => !lacking.has(id));
  }

  /** They came with all that they reach. */
  brought(commits: readonly string[]): void {
    this.#brought = [...new Set([...commits, ...this.#brought])].slice(0, most / 2);
  }

  forget(): void {
    this.#brought = [];
  }
}
