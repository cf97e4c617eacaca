/** Memory that several requests share, counted in bytes. */
export interface ByteBudget {
  /** Reserves bytes. False: too few are left, and nothing was reserved. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** A budget of `size` bytes. */
export function createByteBudget(size: number): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > size) return false;
      taken += bytes;
      return true;
    },
    giveBack(bytes) {
      taken -= bytes;
    },
  };
}
