import { SlipwayError } from '../../errors.js';

/** The rebuilds of one mirror. */
export class Rebuilds {
  #generation = 0;
  #running: Promise<void> | null = null;

  /** Number of finished rebuilds. Many callers may find the same damage, but only one rebuild follows. */
  get generation(): number {
    return this.#generation;
  }

  /** The new mirror is in place. */
  replaced(): void {
    this.#generation += 1;
  }

  run(work: () => Promise<void>): Promise<void> {
    this.#running = work().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Resolves when no rebuild is running. One that failed leaves the mirror as it was. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  /** Why something is missing: as `sentence` says, or because the mirror was rebuilt since `generation`. */
  notFound(generation: number, sentence: string): SlipwayError {
    return generation === this.#generation
      ? new SlipwayError('commit-not-found', sentence)
      : new SlipwayError('git-unavailable', 'The mirror was damaged and has been rebuilt');
  }

  contentNotFound(generation: number, id: string): SlipwayError {
    return this.notFound(generation, `The host no longer has the file content ${id}`);
  }
}
