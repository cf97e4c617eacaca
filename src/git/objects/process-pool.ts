/** A process that may be closed while nobody uses it. */
export interface Kept {
  readonly isIdle: boolean;
  close(): void;
}

/** Limits the number of open processes over all mirrors. The least recently used are closed first. */
export class ProcessPool {
  readonly #members = new Set<Kept>();

  constructor(private readonly maxProcesses: number) {}

  used(member: Kept): void {
    this.left(member);
    this.#members.add(member);
    for (const other of this.#members) {
      if (this.#members.size <= this.maxProcesses) return;
      if (other.isIdle && other !== member) other.close();
    }
  }

  left(member: Kept): void {
    this.#members.delete(member);
  }
}
