import type { Clock } from '../../clock.js';
import type { RemoteRefs } from '../contract.js';

export interface ReferencesDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Asks the host. */
  readonly host: () => Promise<RemoteRefs>;
  /** Reads the mirror's references. Null if they do not say enough. */
  readonly own: (defaultBranch: string) => Promise<RemoteRefs | null>;
}

interface Sighting {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly refs: () => Promise<RemoteRefs>;
}

/** The references that the host showed last, and when. */
export class References {
  #last: Sighting | null = null;
  #shown: RemoteRefs | null = null;
  /** A fetch does not bring the name of the default branch, which hardly ever changes. */
  #defaultBranch: string | null = null;

  constructor(private readonly deps: ReferencesDeps) {}

  /** The references of at most `recent` milliseconds ago, else from the host. Fails as the host does. */
  async recent(recent: number): Promise<RemoteRefs> {
    const now = this.deps.clock.now();
    // A timestamp in the future means the clock was set back, so its age is unknown.
    const last = this.#last !== null && this.#last.at <= now && now < this.#last.at + recent ? this.#last : null;
    return last === null ? this.#keep(now, () => this.#ask()).refs() : last.refs();
  }

  /** The last seen references of any age, or null. */
  async latest(): Promise<RemoteRefs | null> {
    return this.#last?.refs() ?? null;
  }

  /** The references that were read last, of any age, or null. */
  get shown(): RemoteRefs | null {
    return this.#shown;
  }

  /** Records what the host showed at that moment. */
  saw(at: number, refs: RemoteRefs): void {
    this.#defaultBranch = refs.defaultBranch;
    this.#shown = refs;
    this.#keep(at, () => Promise.resolve(refs));
  }

  /** The mirror's own references are the host's of that moment. They are read on demand. */
  followed(at: number): void {
    this.#keep(at, async () => {
      const own = this.#defaultBranch === null ? null : await this.deps.own(this.#defaultBranch);
      return own ?? this.#ask();
    });
  }

  forget(): void {
    this.#last = null;
  }

  async #ask(): Promise<RemoteRefs> {
    const refs = await this.deps.host();
    this.#defaultBranch = refs.defaultBranch;
    return refs;
  }

  /** A failure is not cached. */
  #keep(at: number, read: () => Promise<RemoteRefs>): Sighting {
    let known: Promise<RemoteRefs> | null = null;
    const sighting: Sighting = {
      at,
      refs: () =>
        (known ??= read().then(
          (refs) => (this.#shown = refs),
          (error: unknown) => {
            if (this.#last === sighting) this.#last = null;
            throw error;
          },
        )),
    };
    this.#last = sighting;
    return sighting;
  }
}
