/** Limits of the cache. */
export interface RecentLimits {
  readonly entries: number;
  /** The sum of the weights given to `add`. */
  readonly weight: number;
}

/** A cache of the values that were added last. */
export class Recent<Value> {
  readonly #values = new Map<string, { readonly value: Value; readonly weight: number }>();
  #weight = 0;

  constructor(private readonly limits: RecentLimits) {}

  get(key: string): Value | undefined {
    return this.#values.get(key)?.value;
  }

  add(key: string, value: Value, weight: number): void {
    this.delete(key);
    this.#values.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest] of this.#values) {
      if (this.#values.size <= this.limits.entries && this.#weight <= this.limits.weight) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#weight -= this.#values.get(key)?.weight ?? 0;
    this.#values.delete(key);
  }
}
