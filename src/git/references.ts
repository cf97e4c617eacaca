import type { Clock } from '../clock.js';
import type { RemoteRefs } from './contract.js';

export interface ReferencesDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Asks the host. */
  readonly host: () => Promise<RemoteRefs>;
  /** Reads the mirror's own; null where they do not tell enough. */
  readonly own: (defaultBranch: string) => Promise<RemoteRefs | null>;
}

interface Sighting {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly refs: () => Promise<RemoteRefs>;
}

/** What the host showed last of its references, and when. */
export class References {
  #last: Sighting | null = null;
  /** Which branch is the default one is not among what a fetch brings, and changes once in years. */
  #defaultBranch: string | null = null;

  constructor(private readonly deps: ReferencesDeps) {}

  /** As the host has them now or showed them less than `recent` milliseconds ago. Fails as the host does. */
  async recent(recent: number): Promise<RemoteRefs> {
    const now = this.deps.clock.now();
    // A sighting from the future: the clock was set back, and nobody knows how old it is.
    const last = this.#last !== null && this.#last.at <= now && now < this.#last.at + recent ? this.#last : null;
    return last === null ? this.#keep(now, () => this.#ask()).refs() : last.refs();
  }

  /** However long ago they were seen; null where they were not. */
  async latest(): Promise<RemoteRefs | null> {
    return this.#last?.refs() ?? null;
  }

  /** The host showed them at that moment. */
  saw(at: number, refs: RemoteRefs): void {
    this.#defaultBranch = refs.defaultBranch;
    this.#keep(at, () => Promise.resolve(refs));
  }

  /** The mirror's own are those that the host had at that moment; they are read when somebody wants to know. */
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

  /** A failure is no answer for anybody else. */
  #keep(at: number, read: () => Promise<RemoteRefs>): Sighting {
    let known: Promise<RemoteRefs> | null = null;
    const sighting: Sighting = {
      at,
      refs: () =>
        (known ??= read().catch((error: unknown) => {
          if (this.#last === sighting) this.#last = null;
          throw error;
        })),
    };
    this.#last = sighting;
    return sighting;
  }
}
