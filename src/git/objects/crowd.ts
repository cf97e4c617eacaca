/** Something that is kept and may be let go while nobody uses it. */
export interface Kept {
  readonly isIdle: boolean;
  close(): void;
}

/** Sees to it that not too many processes are kept, however many mirrors there are: those go first that were not used for longest. */
export class Crowd {
  readonly #members = new Set<Kept>();

  constructor(private readonly most: number) {}

  used(member: Kept): void {
    this.left(member);
    this.#members.add(member);
    for (const other of this.#members) {
      if (this.#members.size <= this.most) return;
      if (other.isIdle && other !== member) other.close();
    }
  }

  left(member: Kept): void {
    this.#members.delete(member);
  }
}
